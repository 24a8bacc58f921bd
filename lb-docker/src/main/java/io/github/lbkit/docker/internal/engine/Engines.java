package io.github.lbkit.docker.internal.engine;

import io.github.lbkit.api.pool.spi.PoolContext;
import java.util.Optional;

/** The factory of a pool's connection to its engine. */
public final class Engines {
    private Engines() {}

    /**
     * Opens the engine at this address; if the address is empty, the engine that Docker's command line would use.
     *
     * @throws IllegalArgumentException if the address or its configuration is invalid
     */
    public static Engine open(Optional<String> address, PoolContext context) {
        EngineAddress resolved = address.map(EngineAddress::of)
                .orElseGet(() -> EngineFinder.ofThisProcess().find());
        return Engine.open(resolved, context.runtimes(), "docker-" + context.name());
    }
}
