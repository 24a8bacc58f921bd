package io.github.lbkit.api.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class BackoffTest {
    @Property
    void it_waits_not_at_first_then_twice_as_long_each_time_up_to_the_cap(
            @ForAll @LongRange(min = 1, max = 100_000_000_000L) long min,
            @ForAll @LongRange(min = 1, max = 1_000) long factor,
            @ForAll @IntRange(min = 0, max = 1_000_000) int failures,
            @ForAll long draw) {
        Backoff backoff = new Backoff(Duration.ofNanos(min), Duration.ofNanos(min * factor), () -> draw);

        long wait = backoff.after(failures).toNanos();

        if (failures <= 1) {
            assertThat(wait).isZero();
        } else {
            double full = Math.min((double) min * factor, min * Math.pow(2, failures - 2.0));
            assertThat((double) wait).isBetween(Math.floor(full / 2), Math.ceil(full));
        }
    }
}
