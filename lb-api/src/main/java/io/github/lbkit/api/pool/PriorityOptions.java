package io.github.lbkit.api.pool;

import io.github.lbkit.api.health.HealthChecks;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings of failover and return of a {@link PriorityPool}. Immutable.
 *
 * @param failoverBelow the share of available servers below which a pool is left, 0 to 1; 0.5 by default
 * @param returnAt the share of available servers at which a better pool is taken again, {@code failoverBelow} to 1;
 *     0.7 by default
 * @param returnAfter the time for which the better pool must have had that share without a break; 30 seconds by
 *     default
 * @param healthChecks checks that available servers must pass in addition to being ready; none by default
 * @param initialTimeout the maximum time after opening to wait for a pool that has not begun: its membership is
 *     unknown, or its initial servers have neither become ready nor failed; 10 seconds by default, 0 does not wait
 */
public record PriorityOptions(
        double failoverBelow,
        double returnAt,
        Duration returnAfter,
        Optional<HealthChecks> healthChecks,
        Duration initialTimeout) {
    private static final Duration INITIAL_TIMEOUT = Duration.ofSeconds(10);

    /** The defaults. */
    public static final PriorityOptions DEFAULTS =
            new PriorityOptions(0.5, 0.7, Duration.ofSeconds(30), Optional.empty());

    /** Checks. */
    public PriorityOptions {
        if (!(failoverBelow >= 0 && failoverBelow <= 1)) {
            throw new IllegalArgumentException("failoverBelow " + failoverBelow + " is not 0 to 1");
        }
        if (!(returnAt >= failoverBelow && returnAt <= 1)) {
            throw new IllegalArgumentException("returnAt " + returnAt + " is not " + failoverBelow + " to 1");
        }
        if (returnAfter.isNegative()) {
            throw new IllegalArgumentException("returnAfter " + returnAfter + " is negative");
        }
        if (initialTimeout.isNegative()) {
            throw new IllegalArgumentException(
                    "initialTimeout " + initialTimeout + " is negative; 0 or more is allowed");
        }
    }

    /** Settings with the default {@link #initialTimeout}. */
    public PriorityOptions(
            double failoverBelow, double returnAt, Duration returnAfter, Optional<HealthChecks> healthChecks) {
        this(failoverBelow, returnAt, returnAfter, healthChecks, INITIAL_TIMEOUT);
    }

    /** Returns these settings with health checks of the pool's own, which are independent of those of the balancer. */
    public PriorityOptions withHealthChecks(HealthChecks checks) {
        return new PriorityOptions(failoverBelow, returnAt, returnAfter, Optional.of(checks), initialTimeout);
    }

    /** Returns these settings with another maximum time to wait for pools that have not begun. */
    public PriorityOptions withInitialTimeout(Duration timeout) {
        return new PriorityOptions(failoverBelow, returnAt, returnAfter, healthChecks, timeout);
    }
}
