package io.github.lbkit.api;

import io.github.lbkit.api.internal.VisibleText;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * What an application gives to every pool that it opens. Immutable.
 *
 * @param name the pool's name: for logs, labels, and what must not clash with another pool on this machine
 * @param runtimes where threads and time come from
 * @param stateDirectory where a pool may keep what must outlive the process; a pool makes a directory of its own in it
 * @param admission asked by pools that launch servers before each change of the desired servers, with the members as they
 *     would be, by id; an {@link IllegalArgumentException} refuses the change, such as that of a policy without a place for so
 *     many. Called on any thread; must not block. Admits everything by default
 */
public record PoolContext(String name, Runtimes runtimes, Path stateDirectory, Consumer<List<Member>> admission) {
    /** A context that admits every change. */
    public PoolContext(String name, Runtimes runtimes, Path stateDirectory) {
        this(name, runtimes, stateDirectory, members -> {});
    }

    /** Returns the same context with this admission. */
    public PoolContext withAdmission(Consumer<List<Member>> value) {
        return new PoolContext(name, runtimes, stateDirectory, value);
    }

    /** Checks. */
    public PoolContext {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}")) {
            throw new IllegalArgumentException(
                    "pool name '" + VisibleText.of(name) + "' is not 1 to 63 of letters, digits, '.', '_', '-'");
        }
    }
}
