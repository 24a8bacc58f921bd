package io.github.lbkit.docker.internal.lease;

import java.time.Duration;

/**
 * The intervals and the timeout of a lease. Immutable.
 *
 * @param renewInterval the interval at which the holder renews the lease
 * @param pollInterval the interval at which other processes read the lease
 * @param staleAfter the time without a renewal, by the clock of another process, after which that process takes the
 *     lease
 */
public record LeaseTimes(Duration renewInterval, Duration pollInterval, Duration staleAfter) {
    /** The times of all pools except in tests: 2, 1 and 10 seconds. */
    public static final LeaseTimes DEFAULTS =
            new LeaseTimes(Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(10));
}
