package io.github.lbkit.micrometer;

import org.jspecify.annotations.Nullable;

/** The end of a loop over registries, each of which may throw. */
final class Rethrowing {
    private Rethrowing() {}

    /**
     * Throws an exception again.
     *
     * @param thrown an unchecked exception or an error; with null, nothing happens
     */
    static void rethrow(@Nullable Throwable thrown) {
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
    }
}
