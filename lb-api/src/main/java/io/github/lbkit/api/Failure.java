package io.github.lbkit.api;

/** How an attempt failed; what it means for a repeat is the protocol's business. */
public enum Failure {
    /** No connection could be made. */
    CONNECT,
    /** The connection ended or broke before the answer was complete. */
    DISCONNECT,
    /** No answer within the time allowed. */
    TIMEOUT,
    /** The answer broke the protocol. */
    PROTOCOL,
    /** The answer was complete and said that the server failed. */
    STATUS,
    /**
     * The answer was complete and said that the server has too much to do. Never counts toward ejection: that would
     * give its load to servers that may have no more room than it has.
     */
    OVERLOADED
}
