package io.github.lbkit.http.internal.loop;

import java.nio.channels.SocketChannel;

/** A loop's place for accepted connections. Thread-safe. */
public interface ConnectionTaker {
    /** What {@link #idleSince} returns where no connection may be closed for another one. */
    long NONE = Long.MAX_VALUE;

    /** How many it has, those that are on their way to it included. */
    int connections();

    /** Takes a connection over, on its own loop. */
    void take(SocketChannel channel);

    /** Returns since when its longest idle connection may be closed for another one, on the loops' clock; or {@link #NONE}. */
    long idleSince();

    /**
     * Closes its longest idle connection soon, on its own loop.
     *
     * @param otherwise runs on that loop if no connection is idle any more
     */
    void closeLongestIdle(Runnable otherwise);
}
