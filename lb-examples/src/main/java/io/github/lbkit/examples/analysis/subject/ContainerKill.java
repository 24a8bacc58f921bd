package io.github.lbkit.examples.analysis.subject;

import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Server;
import java.io.IOException;

/**
 * A kill of a server's container by {@code docker kill}. The container is found by its labels, because the name of a
 * container is internal to its pool.
 */
public final class ContainerKill implements Kill {
    private final String docker;

    /** Creates a kill that uses this client of the engine, a name or path of a program. */
    public ContainerKill(String docker) {
        this.docker = docker;
    }

    @Override
    public Prepared prepare(String pool, Server server) throws IOException, InterruptedException {
        long generation = server.instance().map(Instance::generation).orElse(0L);
        String container = new ExternalProgram(
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
        ExternalProgram kill = new ExternalProgram(docker, "kill", container);
        return () -> {
            var unused = kill.run();
        };
    }

    @Override
    public String how() {
        return "docker kill of its container";
    }
}
