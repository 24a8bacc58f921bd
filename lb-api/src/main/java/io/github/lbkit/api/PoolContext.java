package io.github.lbkit.api;

import io.github.lbkit.api.internal.VisibleText;
import java.nio.file.Path;

/**
 * What an application gives to every pool that it opens. Immutable.
 *
 * @param name the pool's name: for logs, labels, and what must not clash with another pool on this machine
 * @param runtimes where threads and time come from
 * @param stateDirectory where a pool may keep what must outlive the process; a pool makes a directory of its own in it
 */
public record PoolContext(String name, Runtimes runtimes, Path stateDirectory) {
    /** Checks. */
    public PoolContext {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}")) {
            throw new IllegalArgumentException(
                    "pool name '" + VisibleText.of(name) + "' is not 1 to 63 of letters, digits, '.', '_', '-'");
        }
    }
}
