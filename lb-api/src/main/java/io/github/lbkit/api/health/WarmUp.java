package io.github.lbkit.api.health;

import java.time.Duration;

/**
 * The settings of warm-up: a server that joins gets its traffic gradually. Immutable.
 *
 * <p>A server at share f takes a key if and only if a hash of key and server is below f. So its set of keys only grows,
 * and no table is rebuilt. A server takes a request without a key with probability f. Servers that are ready when the
 * balancer begins need no warm-up. A request that finds only warming servers gets one of them.
 *
 * @param time the time from joining to the full share
 * @param initialShare the share at the beginning, above 0 to 1
 */
public record WarmUp(Duration time, double initialShare) {
    /** Checks the settings. */
    public WarmUp {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("warm-up time " + time + " is not positive");
        }
        if (!(initialShare > 0 && initialShare <= 1)) {
            throw new IllegalArgumentException("warm-up initialShare " + initialShare + " is not above 0 to 1");
        }
    }

    /** Returns the share at this time after joining, in nanoseconds. */
    public double shareAfter(long nanos) {
        double passed = Math.max(0, Math.min(1, (double) nanos / time.toNanos()));
        return initialShare + (1 - initialShare) * passed;
    }
}
