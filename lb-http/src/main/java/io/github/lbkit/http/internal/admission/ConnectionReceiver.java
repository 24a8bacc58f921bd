package io.github.lbkit.http.internal.admission;

import java.nio.channels.SocketChannel;

/** The receiver of accepted connections on one loop. Thread-safe. */
public interface ConnectionReceiver {
    /** The result of {@link #idleSince} if no connection may be closed. */
    long NONE = Long.MAX_VALUE;

    /** Returns the number of connections of the loop, those on their way to it included. */
    int connections();

    /** Hands an accepted connection over to the loop. */
    void receive(SocketChannel channel);

    /**
     * Returns the time from which the longest idle connection may be closed to make room, in nanoseconds of the loops'
     * clock; {@link #NONE} if no connection is idle.
     */
    long idleSince();

    /**
     * Closes the longest idle connection soon, on the loop.
     *
     * @param otherwise a task that runs on the loop if no connection is idle any more
     */
    void closeLongestIdle(Runnable otherwise);
}
