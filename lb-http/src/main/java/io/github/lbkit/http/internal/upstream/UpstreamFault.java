package io.github.lbkit.http.internal.upstream;

/** The ways in which a connection to a server fails, as far as the connection itself can tell them apart. */
public enum UpstreamFault {
    /** The server speaks a protocol that the proxy does not speak to servers. */
    UNSPOKEN_SCHEME,
    /** The host of the server has no known address. */
    NO_ADDRESS,
    /** No address of the server accepted the connection. */
    CONNECT_FAILED,
    /** No address of the server accepted the connection in time. */
    CONNECT_TIMEOUT,
    /** This process can open no further socket, or the server has all the connections that it may have. */
    NO_CONNECTION,
    /** The server reset the connection. */
    RESET,
    /** The server did not do in time what was expected of it. */
    TIMEOUT,
    /** The handling of an event threw. */
    CRASHED
}
