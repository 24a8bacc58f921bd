package io.github.lbkit.examples.load;

/** How a request got no answer. */
public enum LoadFailure {
    /** No connection could be made. */
    CONNECT,
    /** The connection ended or broke before the answer was whole. */
    DISCONNECT,
    /** No whole answer in time. */
    TIMEOUT,
    /** The answer was not HTTP/1.1. */
    PROTOCOL
}
