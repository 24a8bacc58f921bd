package io.github.lbkit.http.internal.admission;

/** A client connection as {@link ClientConnections} sees it, whatever protocol it speaks. Called on its loop. */
public interface TrackedConnection {
    /** Returns the links of this connection in the lists of idle connections. */
    IdleConnections.Link idleLink();

    /** Reads what the client has sent, then closes the connection if it is still idle. Returns whether it is closed. */
    boolean closeIfIdle();

    /** Ends the connection after the next response, which announces the end: the proxy stops. */
    void stopGracefully();

    /** Ends the connection now. A request in progress is cut off. */
    void stopNow();
}
