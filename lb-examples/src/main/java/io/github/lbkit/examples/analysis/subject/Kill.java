package io.github.lbkit.examples.analysis.subject;

import io.github.lbkit.api.Server;
import java.io.IOException;

/** A way to kill the instance of a server as a crash would: neither the instance nor the pool is warned. */
public interface Kill {
    /**
     * Finds the current instance of a server, so that the search does not delay the kill.
     *
     * @param pool the name of the server's pool
     */
    Prepared prepare(String pool, Server server) throws IOException, InterruptedException;

    /** Returns the description of the kill, for people. */
    String how();

    /** A kill of an instance that was found. */
    @FunctionalInterface
    interface Prepared {
        /** Kills the instance; may return before the instance has ended. */
        void kill() throws IOException, InterruptedException;
    }
}
