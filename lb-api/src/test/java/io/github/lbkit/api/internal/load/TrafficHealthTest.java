package io.github.lbkit.api.internal.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.health.Ejection;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrafficHealthTest {
    private static final long SECOND = 1_000_000_000;
    private static final long PART = 10_000_000;

    /** A window of 100 ms, so of parts of 10 ms. */
    private final TrafficWindow window = new TrafficWindow(
            Ejection.builder()
                    .consecutiveFailures(1_000)
                    .minVolume(10)
                    .window(Duration.ofMillis(100))
                    .base(Duration.ofSeconds(1))
                    .cap(Duration.ofSeconds(1))
                    .maxShare(1)
                    .build(),
            0);

    private final ServerLoad load = new ServerLoad(1, window, 0, null, false, List.of());
    private final TrafficHealth traffic = Objects.requireNonNull(load.traffic());

    private void succeed(long now) {
        LoadCounter counter = load.counter(0);
        counter.tryAcquire(Long.MAX_VALUE);
        if (counter.releaseSuccessful(now)) {
            traffic.succeeded(counter, now);
        }
    }

    private boolean fail(long now) {
        LoadCounter counter = load.counter(0);
        counter.tryAcquire(Long.MAX_VALUE);
        counter.release();
        return traffic.failed(0, now, now) != null;
    }

    private long volume(long now) {
        return traffic.volume(now);
    }

    @Test
    void the_window_has_what_ended_in_its_ten_parts() {
        for (int i = 0; i < 30; i++) {
            succeed(SECOND + i * PART);
            succeed(SECOND + i * PART + 1);
            fail(SECOND + i * PART + 2);
        }

        assertThat(volume(SECOND + 29 * PART + 3)).isEqualTo(30);
        assertThat(volume(SECOND + 33 * PART)).isEqualTo(18);
        assertThat(volume(SECOND + 60 * PART)).isZero();
        assertThat(load.inFlight()).isZero();
    }

    @Test
    void a_share_of_failures_is_that_of_the_window() {
        for (int i = 0; i < 100; i++) {
            succeed(SECOND);
        }
        for (int i = 0; i < 9; i++) {
            assertThat(fail(SECOND + 20 * PART)).isFalse();
        }

        assertThat(fail(SECOND + 20 * PART)).as("ten of ten in its window").isTrue();
    }

    @Test
    void a_success_that_began_to_answer_long_ago_counts_as_of_now() {
        succeed(SECOND + 50 * PART);
        succeed(SECOND);

        assertThat(volume(SECOND + 50 * PART)).isEqualTo(2);
    }

    @Test
    void after_its_return_the_window_begins_anew_at_once() {
        for (int i = 0; i < 8; i++) {
            succeed(SECOND);
        }
        long back = SECOND + traffic.eject(SECOND);
        assertThat(traffic.pass(back - 1, false)).isEqualTo(TrafficHealth.REFUSED);
        int trial = traffic.pass(back, false);
        assertThat(trial).isPositive();
        load.counter(0).tryAcquire(Long.MAX_VALUE);
        assertThat(load.counter(0).releaseSuccessful(back)).isTrue();
        assertThat(traffic.answered(trial, back)).isTrue();
        traffic.succeeded(load.counter(0), back);

        for (int i = 0; i < 5; i++) {
            succeed(back);
        }

        assertThat(volume(back)).as("the trial and five").isEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(longs = {(1L << 31) - 25, (1L << 32) - 25, (1L << 33) - 25})
    void parts_are_numbered_past_the_ends_of_numbers(long part) {
        for (int i = 0; i < 10; i++) {
            succeed((part + i) * PART);
            fail((part + i) * PART + 1);
            assertThat(volume((part + i) * PART + 2)).isEqualTo(Math.min(20, 2 * i + 2));
        }
    }
}
