package io.github.lbkit.examples.analysis;

import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Server;
import java.io.IOException;

/**
 * Kills a server's container by {@code docker kill}. It is found by the labels that its pool gave it: what a container is
 * called, and how much of that an instance's name tells, is the pool's affair.
 */
final class ContainerKill implements Kill {
    private final String docker;

    /** By this client of the engine: a program's name or path. */
    ContainerKill(String docker) {
        this.docker = docker;
    }

    @Override
    public Aimed aimAt(String pool, Server server) throws IOException, InterruptedException {
        long generation = server.instance().map(Instance::generation).orElse(0L);
        String container = new Command(
                        docker,
                        "ps",
                        "--quiet",
                        "--filter",
                        "label=lbkit.pool=" + pool,
                        "--filter",
                        "label=lbkit.id=" + server.id(),
                        "--filter",
                        "label=lbkit.generation=" + generation)
                .run();
        if (!container.matches("[0-9a-f]+")) {
            throw new IOException("the container of server '" + server.id() + "', generation " + generation
                    + ", of pool '" + pool + "' cannot be found: '" + container + "'");
        }
        Command kill = new Command(docker, "kill", container);
        return () -> {
            var unused = kill.run();
        };
    }

    @Override
    public String how() {
        return "docker kill of its container";
    }
}
