package io.github.lbkit.examples.analysis;

import io.github.lbkit.api.Server;
import java.io.IOException;

/** Ends a server's instance as a crash does: without a word to it or to the pool. */
interface Kill {
    /** Ends it; returns when that was said, which may be before it is gone. */
    void kill(Server server) throws IOException, InterruptedException;

    /** How, for people. */
    String how();
}
