package io.github.lbkit.docker.internal.engine;

import io.github.lbkit.api.PoolContext;
import java.util.Optional;

/** Opens engines for pools. */
public final class Engines {
    private Engines() {}

    /**
     * The engine at this address, or the one that Docker's command line would talk to.
     *
     * @throws IllegalArgumentException if the address, or where it is configured, is wrong
     */
    public static Engine open(Optional<String> address, PoolContext context) {
        EngineAddress where = address.map(EngineAddress::of)
                .orElseGet(() -> EngineFinder.here().find());
        return Engine.open(where, context.runtimes(), "docker-" + context.name());
    }
}
