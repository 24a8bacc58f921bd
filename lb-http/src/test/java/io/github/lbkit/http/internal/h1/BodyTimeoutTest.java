package io.github.lbkit.http.internal.h1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BodyTimeoutTest {
    private static final long SECOND = 1_000_000_000;
    private static final int RATE = 100;

    private final BodyTimeout timeout = new BodyTimeout(10 * SECOND, RATE);

    @Test
    void a_client_that_sends_nothing_has_the_whole_time() {
        assertThat(timeout.begin(0, 0)).isEqualTo(10 * SECOND);
        assertThat(timeout.begin(0, 4 * SECOND)).isEqualTo(6 * SECOND);
    }

    @Test
    void a_byte_now_and_then_does_not_keep_a_body_alive() {
        long now = 0;
        long left = timeout.begin(0, now);
        int moved = 0;
        while (left > SECOND) { // a byte a second, of 100
            now += SECOND;
            left = timeout.begin(++moved, now);
            assertThat(now).isLessThan(11 * SECOND);
        }
    }

    @Test
    void time_in_which_the_client_is_not_waited_for_does_not_count() {
        long before = timeout.begin(0, 0);

        timeout.pause(0, SECOND);

        assertThat(timeout.begin(0, 1000 * SECOND)).isEqualTo(before - SECOND);
    }

    @Test
    void the_next_request_begins_anew() {
        long unused = timeout.begin(0, 0);
        timeout.pause(50, 9 * SECOND);

        timeout.restart();

        assertThat(timeout.begin(0, 20 * SECOND)).isEqualTo(10 * SECOND);
    }

    @Property
    void a_body_that_comes_at_the_rate_has_time_for_ever(
            @ForAll @Size(max = 200) List<@IntRange(min = 1, max = 9_000) Integer> pausesMillis) {
        BodyTimeout fresh = new BodyTimeout(10 * SECOND, RATE);
        long now = 0;
        long moved = 0;
        long left = fresh.begin(0, now);
        for (int pause : pausesMillis) {
            now += pause * 1_000_000L;
            assertThat(left).isGreaterThan(pause * 1_000_000L);
            moved += (long) Math.ceil(pause * RATE / 1000.0);
            left = fresh.begin(moved, now);
        }
    }
}
