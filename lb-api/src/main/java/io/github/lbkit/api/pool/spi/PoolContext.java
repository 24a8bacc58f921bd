package io.github.lbkit.api.pool.spi;

import io.github.lbkit.api.Member;
import io.github.lbkit.api.internal.VisibleText;
import io.github.lbkit.api.runtime.Runtimes;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * The context that an application passes to every pool. Immutable.
 *
 * @param name the pool's name, for logs and labels; unique among the pools on this machine
 * @param runtimes the source of threads and time
 * @param stateDirectory the directory for state that outlives the process; a pool creates a directory of its own inside
 * @param admission a check before each change of the desired servers, called by pools that launch servers with the
 *     members after the change, by id. An {@link IllegalArgumentException} refuses the change, for example if a policy
 *     cannot route to that number of servers. Called on any thread; must not block. Admits everything by default
 */
public record PoolContext(String name, Runtimes runtimes, Path stateDirectory, Consumer<List<Member>> admission) {
    /** Creates a context that admits every change. */
    public PoolContext(String name, Runtimes runtimes, Path stateDirectory) {
        this(name, runtimes, stateDirectory, members -> {});
    }

    /** Returns this context with another admission. */
    public PoolContext withAdmission(Consumer<List<Member>> value) {
        return new PoolContext(name, runtimes, stateDirectory, value);
    }

    /** Checks the name. */
    public PoolContext {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}")) {
            throw new IllegalArgumentException(
                    "pool name '" + VisibleText.of(name) + "' is not 1 to 63 of letters, digits, '.', '_', '-'");
        }
    }
}
