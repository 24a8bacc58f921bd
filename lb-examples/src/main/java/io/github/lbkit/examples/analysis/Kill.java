package io.github.lbkit.examples.analysis;

import io.github.lbkit.api.Server;
import java.io.IOException;

/** Ends a server's instance as a crash does: without a word to it or to the pool. */
interface Kill {
    /**
     * Finds what runs in this server now, so that no search delays the end of it.
     *
     * @param pool the name of the server's pool
     */
    Aimed aimAt(String pool, Server server) throws IOException, InterruptedException;

    /** How, for people. */
    String how();

    /** An instance that was found. */
    @FunctionalInterface
    interface Aimed {
        /** Ends it; returns when that was said, which may be before it is gone. */
        void kill() throws IOException, InterruptedException;
    }
}
