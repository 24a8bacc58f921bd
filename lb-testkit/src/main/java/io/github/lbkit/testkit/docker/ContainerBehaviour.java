package io.github.lbkit.testkit.docker;

import io.github.lbkit.testkit.docker.internal.container.ContainerTraits;
import java.util.Optional;

/** The behaviour of the containers of an image in a {@link FakeEngine}. */
public enum ContainerBehaviour {
    /** Listens at once and answers every request with the name of the container. */
    SERVES(ContainerTraits.SERVING),
    /** Accepts connections and never answers. */
    UNRESPONSIVE(new ContainerTraits(false, false, true, Optional.of("healthy"))),
    /** Exits with code 1 as soon as the container is started. */
    EXITS_AT_ONCE(new ContainerTraits(true, true, true, Optional.of("healthy"))),
    /** Serves, and fails its health check. */
    UNHEALTHY(new ContainerTraits(true, false, true, Optional.of("unhealthy"))),
    /** Serves, and its health check never ends. */
    NEVER_HEALTHY(new ContainerTraits(true, false, true, Optional.empty())),
    /** Serves, ignores the stop signal, and ends when the timeout of the stop call is over. */
    IGNORES_STOP(new ContainerTraits(true, false, false, Optional.of("healthy")));

    final ContainerTraits traits;

    ContainerBehaviour(ContainerTraits traits) {
        this.traits = traits;
    }
}
