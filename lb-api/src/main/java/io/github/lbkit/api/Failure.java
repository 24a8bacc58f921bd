package io.github.lbkit.api;

/** The kind of an attempt's failure. The protocol's implementation decides whether a retry is allowed. */
public enum Failure {
    /** No connection could be made. */
    CONNECT,
    /** The connection ended or broke before the response was complete. */
    DISCONNECT,
    /** No response within the allowed time. */
    TIMEOUT,
    /** The response violated the protocol. */
    PROTOCOL,
    /** The response was complete and reported a failure of the server. */
    STATUS,
    /**
     * The response was complete and reported too much load. Never counts toward ejection, which would move the load to
     * servers that may have no more capacity.
     */
    OVERLOADED
}
