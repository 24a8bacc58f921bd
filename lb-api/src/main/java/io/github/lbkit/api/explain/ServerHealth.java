package io.github.lbkit.api.explain;

import java.time.Duration;
import java.util.Optional;

/**
 * The health of a server at one moment, as a balancer knows it. Immutable.
 *
 * @param skipped the reason why a call skips the server now; empty if a call takes the server. Fail-open is taken into
 *     account, warm-up is not
 * @param unhealthy the detail of the failed probe; empty if the server passes its probes or has none
 * @param ejected the reason of the ejection, also during a trial; empty if the server is not ejected
 * @param ejectedFor the remaining time of the ejection; zero if the server is not ejected or due for a trial
 */
public record ServerHealth(
        Optional<SkipReason> skipped,
        Optional<String> unhealthy,
        Optional<EjectionReason> ejected,
        Duration ejectedFor) {
    /** A server that is healthy and not ejected. */
    public static final ServerHealth GOOD =
            new ServerHealth(Optional.empty(), Optional.empty(), Optional.empty(), Duration.ZERO);

    /** Returns whether a call would take the server now. */
    public boolean isPickable() {
        return skipped.isEmpty();
    }
}
