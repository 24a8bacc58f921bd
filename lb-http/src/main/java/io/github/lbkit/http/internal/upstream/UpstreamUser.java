package io.github.lbkit.http.internal.upstream;

import io.github.lbkit.http.internal.loop.Input;

/** Who works with a connection to a server at the moment. Called on the connection's loop. */
public interface UpstreamUser {
    /** The connection is made: the request can be sent. */
    void connected();

    /** The server sent something. */
    void received(Input input);

    /** The server ended its side: nothing more will come. */
    void serverEnded();

    /** Everything that was sent has gone out. */
    void drained();

    /** There is no connection any more, or never was one. */
    void failed(UpstreamFault fault);

    /** The instance behind the connection is not to be trusted any more; the connection may still work. */
    void instanceLost();
}
