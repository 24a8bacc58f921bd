package io.github.lbkit.api;

import java.time.Duration;
import java.util.Optional;

/**
 * What a balancer knows of a server's health at one moment. Immutable.
 *
 * @param skipped why a call that routes to the server would pass it by now; empty if the server would be picked. Fail-open is
 *     taken into account, warm-up is not
 * @param unhealthy what the failed probe said; empty if the server passes its probes or has none
 * @param ejected why the server is ejected, also while it is on trial; empty if it is not ejected
 * @param ejectedFor how long the server is held out by its ejection from now; zero if it is not, or is due for a trial
 */
public record ServerHealth(
        Optional<SkipReason> skipped,
        Optional<String> unhealthy,
        Optional<EjectionReason> ejected,
        Duration ejectedFor) {
    /** Nothing speaks against the server. */
    public static final ServerHealth GOOD =
            new ServerHealth(Optional.empty(), Optional.empty(), Optional.empty(), Duration.ZERO);

    /** Returns whether a call would take the server now. */
    public boolean isPickable() {
        return skipped.isEmpty();
    }
}
