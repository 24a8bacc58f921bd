package io.github.lbkit.api.pool;

import io.github.lbkit.api.health.HealthChecks;
import java.time.Duration;
import java.util.Optional;

/**
 * When a {@link PriorityPool} leaves a pool and when it returns. Immutable.
 *
 * @param failoverBelow a pool is left when less than this share of its servers is fit, 0 to 1; 0.5 by default
 * @param returnAt a better pool is taken again when this share of its servers is fit, failoverBelow to 1; 0.7 by default
 * @param returnAfter and has been for this long without a break; 30 seconds by default
 * @param healthChecks fit servers must also pass these; being ready is enough by default
 * @param initialTimeout how long after the opening a pool is waited for that has not begun: that knows nothing yet, or whose
 *     first servers have neither become ready nor failed; 10 seconds by default, 0 waits for none
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

    /** These settings, with health checks of the pool's own; the balancer's are its own business. */
    public PriorityOptions withHealthChecks(HealthChecks checks) {
        return new PriorityOptions(failoverBelow, returnAt, returnAfter, Optional.of(checks), initialTimeout);
    }

    /** These settings, with another time for the pools to begin. */
    public PriorityOptions withInitialTimeout(Duration timeout) {
        return new PriorityOptions(failoverBelow, returnAt, returnAfter, healthChecks, timeout);
    }
}
