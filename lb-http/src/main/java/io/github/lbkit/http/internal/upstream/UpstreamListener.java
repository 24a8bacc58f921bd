package io.github.lbkit.http.internal.upstream;

import io.github.lbkit.http.internal.loop.Input;
import org.jspecify.annotations.Nullable;

/** The user of a connection to a server, which receives its events. Called on the loop of the connection. */
public interface UpstreamListener {
    /** Returns the client whose addresses the connection reports by a PROXY header; null if it reports none. */
    @Nullable
    ProxiedClient client();

    /** Handles that the connection is made: the request can be sent. */
    void connected();

    /** Handles input of the server. */
    void received(Input input);

    /**
     * Handles that the server has closed its side.
     *
     * @param truncated whether the input ended without the orderly end of its transport, so that a body may be
     *     incomplete
     */
    void serverClosed(boolean truncated);

    /** Handles that all output is written, after a time in which it was not. */
    void drained();

    /** Handles that the connection has failed, or could not be made. */
    void failed(UpstreamFault fault);

    /** Handles that the instance is lost. The connection may still work. */
    void instanceLost();

    /** Handles that the instance has left, and that the time for its requests in flight is over. */
    default void instanceLeft() {}
}
