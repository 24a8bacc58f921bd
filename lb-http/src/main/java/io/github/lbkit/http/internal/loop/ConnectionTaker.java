package io.github.lbkit.http.internal.loop;

import java.nio.channels.SocketChannel;

/** A loop's place for accepted connections. Thread-safe. */
public interface ConnectionTaker {
    /** How many it has, those that are on their way to it included. */
    int connections();

    /** Takes a connection over, on its own loop. */
    void take(SocketChannel channel);
}
