package io.github.lbkit.http.internal.upstream;

/** The ways in which a connection to a server fails, as far as the connection can distinguish them. */
public enum UpstreamFault {
    /** The address of the server has a scheme that the proxy does not support. */
    UNSUPPORTED_SCHEME,
    /** The host of the server has no known address. */
    NO_ADDRESS,
    /** No address of the server accepted the connection. */
    CONNECT_FAILED,
    /** No address of the server accepted the connection in time. */
    CONNECT_TIMEOUT,
    /** The server was connected, and the TLS handshake with it failed. */
    TLS_FAILED,
    /** This process can open no further socket, or the limit of connections to the server is reached. */
    NO_CONNECTION,
    /** The server reset the connection. */
    RESET,
    /** The server has exceeded a timeout. */
    TIMEOUT,
    /** The code that handles an event has thrown. */
    CRASHED
}
