package io.github.lbkit.examples.load;

/** The reasons why a request got no answer. */
public enum LoadFailure {
    /** The connection could not be established. */
    CONNECT,
    /** The connection ended before the answer was complete. */
    DISCONNECT,
    /** The answer was not complete in time. */
    TIMEOUT,
    /** The answer was not HTTP/1.1. */
    PROTOCOL
}
