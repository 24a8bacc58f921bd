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
 */
public record PriorityOptions(
        double failoverBelow, double returnAt, Duration returnAfter, Optional<HealthChecks> healthChecks) {
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
    }

    /** These settings, with health checks of the pool's own; the balancer's are its own business. */
    public PriorityOptions withHealthChecks(HealthChecks checks) {
        return new PriorityOptions(failoverBelow, returnAt, returnAfter, Optional.of(checks));
    }
}
