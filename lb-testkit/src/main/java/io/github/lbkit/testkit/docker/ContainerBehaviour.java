package io.github.lbkit.testkit.docker;

import io.github.lbkit.testkit.docker.internal.container.ContainerTraits;
import java.util.Optional;

/** The behaviour of the containers of an image in a {@link FakeEngine}. */
public enum ContainerBehaviour {
    /** Listens at once and answers every request with the name of the container. */
    SERVES,
    /** Accepts connections and never answers. */
    UNRESPONSIVE,
    /** Exits with code 1 as soon as the container is started. */
    EXITS_AT_ONCE,
    /** Serves, and fails its health check. */
    UNHEALTHY,
    /** Serves, and its health check never ends. */
    NEVER_HEALTHY,
    /** Serves, ignores the stop signal, and ends when the timeout of the stop call is over. */
    IGNORES_STOP;

    ContainerTraits traits() {
        Optional<String> health = switch (this) {
            case UNHEALTHY -> Optional.of("unhealthy");
            case NEVER_HEALTHY -> Optional.empty();
            default -> Optional.of("healthy");
        };
        return new ContainerTraits(this != UNRESPONSIVE, this == EXITS_AT_ONCE, this != IGNORES_STOP, health);
    }
}
