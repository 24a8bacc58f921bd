package io.github.lbkit.api.health;

import java.time.Duration;

/**
 * How a server that has joined gets its traffic little by little. Immutable.
 *
 * <p>A server at share f takes a key iff a hash of key and server is below f, so what it takes only grows and no table is
 * rebuilt; without a key it takes a request with probability f. Servers that were ready when the balancer began are
 * warm. A request that finds only servers that are warming up gets one of them.
 *
 * @param time from joining to the whole share
 * @param initialShare the share at the beginning, above 0 to 1
 */
public record WarmUp(Duration time, double initialShare) {
    /** Checks. */
    public WarmUp {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("warm-up time " + time + " is not positive");
        }
        if (!(initialShare > 0 && initialShare <= 1)) {
            throw new IllegalArgumentException("warm-up initialShare " + initialShare + " is not above 0 to 1");
        }
    }

    /** The share this long after joining. */
    public double shareAfter(long nanos) {
        double passed = Math.max(0, Math.min(1, (double) nanos / time.toNanos()));
        return initialShare + (1 - initialShare) * passed;
    }
}
