package io.github.lbkit.http.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

class TimersTest {
    private static final long MILLI = 1_000_000;
    private static final long TICK = 10 * MILLI;

    @Test
    void a_timer_runs_once_when_its_deadline_has_come() {
        Timers timers = new Timers(0);
        List<String> ran = new ArrayList<>();
        Timer timer = new Timer(() -> ran.add("a"));

        timers.set(timer, 25 * MILLI);
        timers.advance(24 * MILLI);
        assertThat(ran).isEmpty();
        timers.advance(30 * MILLI);
        assertThat(ran).containsExactly("a");
        timers.advance(10_000 * MILLI);
        assertThat(ran).containsExactly("a");
        assertThat(timer.isRunning()).isFalse();
    }

    @Test
    void a_stopped_or_removed_timer_does_not_run() {
        Timers timers = new Timers(0);
        List<String> ran = new ArrayList<>();
        Timer stopped = new Timer(() -> ran.add("stopped"));
        Timer removed = new Timer(() -> ran.add("removed"));
        timers.set(stopped, 20 * MILLI);
        timers.set(removed, 20 * MILLI);

        timers.stop(stopped);
        timers.remove(removed);
        timers.advance(1000 * MILLI);

        assertThat(ran).isEmpty();
        assertThat(timers.nanosToNext(1000 * MILLI)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void timers_may_set_and_remove_each_other_while_they_run() {
        Timers timers = new Timers(0);
        List<String> ran = new ArrayList<>();
        Timer victim = new Timer(() -> ran.add("victim"));
        Timer next = new Timer(() -> ran.add("next"));
        Timer first = new Timer(() -> {
            ran.add("first");
            timers.remove(victim);
            timers.set(next, 20 * MILLI);
        });
        timers.set(first, 20 * MILLI);
        timers.set(victim, 20 * MILLI);

        timers.advance(20 * MILLI);
        assertThat(ran).containsExactly("first");
        timers.advance(30 * MILLI);
        assertThat(ran).containsExactly("first", "next");
    }

    @Test
    void a_timer_that_throws_keeps_no_other_from_running() {
        Timers timers = new Timers(0);
        List<String> ran = new ArrayList<>();
        timers.set(
                new Timer(() -> {
                    throw new IllegalStateException("as a test wants it");
                }),
                20 * MILLI);
        timers.set(new Timer(() -> ran.add("other")), 20 * MILLI);

        timers.advance(20 * MILLI);

        assertThat(ran).containsExactly("other");
    }

    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void every_timer_runs_within_a_tick_of_its_deadline_and_never_before(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long now = random.nextLong(Long.MIN_VALUE / 2, Long.MAX_VALUE / 2);
        Timers timers = new Timers(now);
        int count = 20;
        long[] deadlines = new long[count];
        boolean[] set = new boolean[count];
        int[] runs = new int[count];
        Timer[] all = new Timer[count];
        for (int i = 0; i < count; i++) {
            int index = i;
            all[i] = new Timer(() -> runs[index]++);
        }
        for (int step = 0; step < 300; step++) {
            int i = random.nextInt(count);
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    deadlines[i] = now + random.nextLong(30_000 * MILLI);
                    set[i] = true;
                    timers.set(all[i], deadlines[i]);
                }
                case 2 -> {
                    set[i] = false;
                    if (random.nextBoolean()) {
                        timers.stop(all[i]);
                    } else {
                        timers.remove(all[i]);
                    }
                }
                default -> {
                    now += random.nextInt(4) == 0 ? random.nextLong(40_000 * MILLI) : random.nextLong(50 * MILLI);
                    timers.advance(now);
                }
            }
            for (int k = 0; k < count; k++) {
                if (runs[k] > 0) {
                    assertThat(set[k] && deadlines[k] <= now).isTrue();
                    assertThat(runs[k]).isEqualTo(1);
                    runs[k] = 0;
                    set[k] = false;
                }
            }
            timers.advance(now);
            for (int k = 0; k < count; k++) {
                if (set[k] && runs[k] == 0) {
                    assertThat(deadlines[k]).isGreaterThan(now - 2 * TICK);
                    assertThat(timers.nanosToNext(now)).isLessThanOrEqualTo(deadlines[k] - now + 2 * TICK);
                }
            }
        }
    }
}
