package io.github.lbkit.api.internal.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.explain.EjectionReason;
import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.api.internal.load.LoadCounter.Admission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ServerLoadTest {
    private static final int COUNTERS = 4;
    private static final int ROUNDS = 20_000;
    private static final long NO_LIMIT = Long.MAX_VALUE;

    private final TrafficWindow window = new TrafficWindow(
            Ejection.builder()
                    .consecutiveFailures(Integer.MAX_VALUE)
                    .failureRatio(1)
                    .minVolume(Integer.MAX_VALUE)
                    .latencyFactor(3)
                    .base(Duration.ofSeconds(1))
                    .cap(Duration.ofSeconds(1))
                    .maxShare(1)
                    .build(),
            0);
    private final ServerLoad load = new ServerLoad(COUNTERS, window, 0, null, false, List.of());

    private LoadCounter counter(int number) {
        return load.counter(number);
    }

    @Test
    void counts_of_all_counters_are_added_up() {
        for (int i = 0; i < COUNTERS; i++) {
            for (int k = 0; k <= i; k++) {
                counter(i).tryAcquire(NO_LIMIT);
            }
        }
        boolean unused = counter(3).releaseSuccessful(0);

        assertThat(load.inFlight()).isEqualTo(1 + 2 + 3 + 3);
        assertThat(load.successes()).isEqualTo(1);
    }

    @Test
    void it_is_idle_when_it_is_closed_and_the_last_attempt_of_any_counter_has_ended() {
        counter(0).tryAcquire(NO_LIMIT);
        counter(2).tryAcquire(NO_LIMIT);
        counter(2).release();
        assertThat(load.idle()).as("open").isNotDone();
        counter(2).tryAcquire(NO_LIMIT);

        load.close();
        assertThat(counter(1).tryAcquire(NO_LIMIT)).isEqualTo(Admission.CLOSED);
        counter(0).release();
        assertThat(load.idle()).as("one is in flight").isNotDone();
        counter(2).release();

        assertThat(load.idle()).isDone();
        load.open();
        assertThat(load.idle()).isNotDone();
        assertThat(counter(1).tryAcquire(NO_LIMIT)).isEqualTo(Admission.ADMITTED);
    }

    @Test
    void a_failure_sends_every_counter_to_the_slow_path_until_a_success() {
        TrafficHealth traffic = Objects.requireNonNull(load.traffic());
        assertThat(counters()).allMatch(LoadCounter::isFastPath);

        EjectionReason unused = traffic.failed(0, 5, 5);
        assertThat(counters()).noneMatch(LoadCounter::isFastPath);

        counter(1).tryAcquire(NO_LIMIT);
        assertThat(counter(1).releaseSuccessful(6)).isTrue();
        traffic.succeeded(counter(1), 6);
        assertThat(counters()).allMatch(LoadCounter::isFastPath);
        counter(1).tryAcquire(NO_LIMIT);
        assertThat(counter(1).releaseSuccessful(7))
                .as("the window is known to go on")
                .isFalse();
        counter(0).tryAcquire(NO_LIMIT);
        assertThat(counter(0).releaseSuccessful(7))
                .as("this counter has not looked yet")
                .isTrue();
    }

    @Test
    void latency_is_the_mean_of_the_counters_with_a_measurement() {
        assertThat(load.latencyNanos()).isZero();

        counter(2).responded(9, 10);
        assertThat(load.latencyNanos()).isEqualTo(9);
        counter(1).responded(1, 20);
        assertThat(load.latencyNanos()).isEqualTo(5);
        load.forget(30);
        assertThat(load.latencyNanos()).isZero();
        counter(1).responded(20, 40);
        assertThat(load.latencyNanos()).as("it began before").isZero();
    }

    @Test
    void a_meter_tells_the_mean_since_the_last_check_and_over_those_that_have_enough() {
        counter(0).responded(2_048_000, 3_000_000);
        LatencyMeter meter = load.checkLatency(2);
        assertThat(meter.newestMean()).isEqualTo(2_048_000);
        counter(1).responded(1_024_000, 4_000_000);

        meter = load.checkLatency(2);

        assertThat(meter.newestMean()).isEqualTo(1_024_000);
        assertThat(meter.recentMean(1)).isEqualTo(1_024_000);
        assertThat(meter.recentMean(2)).isEqualTo(1_536_000);
        assertThat(meter.recentMean(3)).isZero();
        meter = load.checkLatency(2);
        assertThat(meter.newestMean()).isZero();
        assertThat(meter.recentMean(1)).isEqualTo(1_024_000);
        load.forget(5_000_000);
        assertThat(load.checkLatency(2).recentMean(1)).isZero();
    }

    private List<LoadCounter> counters() {
        List<LoadCounter> all = new ArrayList<>();
        for (int i = 0; i < COUNTERS; i++) {
            all.add(counter(i));
        }
        return all;
    }

    /** The race is a matter of nanoseconds: many tries, each of two changes that begin at once. */
    @Test
    void the_last_of_concurrent_changes_updates_every_counter() throws Exception {
        TrafficHealth traffic = Objects.requireNonNull(load.traffic());
        AtomicInteger turns = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
            for (int turn = 1; turn <= ROUNDS; turn++) {
                await(turns, turn);
                fail(traffic);
                done.set(turn);
            }
        });

        for (int turn = 1; turn <= ROUNDS; turn++) {
            load.unhealthy(true, "");
            succeed(traffic, counter(turn % COUNTERS));
            turns.set(turn);
            load.unhealthy(false, "");
            await(done, turn);

            assertThat(counters()).as("turn %s", turn).noneMatch(LoadCounter::isFastPath);
        }
        other.get(60, TimeUnit.SECONDS);
    }

    private static void await(AtomicInteger counter, int value) {
        while (counter.get() < value) {
            Thread.onSpinWait();
        }
    }

    private static void fail(TrafficHealth traffic) {
        EjectionReason unused = traffic.failed(0, 1, 1);
    }

    private static void succeed(TrafficHealth traffic, LoadCounter counter) {
        counter.tryAcquire(NO_LIMIT);
        if (counter.releaseSuccessful(1)) {
            traffic.succeeded(counter, 1);
        }
    }

    @Test
    void it_becomes_idle_once_each_time_that_it_is_closed_however_many_threads_end_attempts() throws Exception {
        List<Runnable> attempts = new ArrayList<>();
        for (int i = 0; i < COUNTERS; i++) {
            LoadCounter counter = counter(i);
            attempts.add(() -> {
                if (counter.tryAcquire(NO_LIMIT) == Admission.ADMITTED) {
                    counter.release();
                }
            });
        }
        attempts.add(() -> {
            load.close();
            CompletableFuture<Void> idle = load.idle();
            while (!idle.isDone()) {
                Thread.onSpinWait();
            }
            load.open();
        });

        atOnce(attempts);

        assertThat(load.inFlight()).isZero();
        assertThat(load.idle()).isNotDone();
    }

    /** Each of them many times, on a thread of its own, all side by side; fails if one does not end. */
    private static void atOnce(List<Runnable> all) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(all.size());
        List<Future<?>> running = new ArrayList<>();
        for (Runnable one : all) {
            running.add(CompletableFuture.runAsync(() -> repeat(one), threads));
        }
        threads.shutdown();
        for (Future<?> each : running) {
            each.get(60, TimeUnit.SECONDS);
        }
    }

    private static void repeat(Runnable one) {
        for (int i = 0; i < ROUNDS; i++) {
            one.run();
        }
    }
}
