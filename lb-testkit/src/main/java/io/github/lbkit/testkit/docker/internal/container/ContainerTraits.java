package io.github.lbkit.testkit.docker.internal.container;

import java.util.Optional;

/**
 * The properties of a container that its image decides. Immutable.
 *
 * @param responds whether the container answers requests
 * @param exitsAtOnce whether the container exits with code 1 as soon as it is started
 * @param stopsOnSignal whether the container ends on its stop signal
 * @param healthResult the result of the health check, {@code healthy} or {@code unhealthy}; empty if the check never
 *     ends
 */
public record ContainerTraits(
        boolean responds, boolean exitsAtOnce, boolean stopsOnSignal, Optional<String> healthResult) {
    /** The properties of a container that serves. */
    public static final ContainerTraits SERVING = new ContainerTraits(true, false, true, Optional.of("healthy"));
}
