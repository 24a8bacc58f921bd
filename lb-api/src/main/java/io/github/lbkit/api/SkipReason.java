package io.github.lbkit.api;

/** The reason why a candidate is passed by, in the order in which a call asks. */
public enum SkipReason {
    /** The server is not {@link Server.State#READY}, or has left since. */
    NOT_READY,
    /** The server's weight is 0: it receives nothing. */
    NO_WEIGHT,
    /** The operator holds the server back. */
    OVERRIDDEN,
    /** The call has tried the server already. */
    TRIED,
    /** The server's probes failed. Ignored while too few servers are fit (fail-open). */
    UNHEALTHY,
    /** The server's traffic failed too often. Ignored while too few servers are fit (fail-open). */
    EJECTED,
    /** The server has joined lately and does not take this key yet. */
    WARMING_UP,
    /** The server has as many attempts in flight as it may have. */
    AT_CAPACITY,
    /** The server carries its part of the load already (bounded load). */
    OVERLOADED,
    /** All servers together have as many attempts in flight as the pool may have; the call ends without a server. */
    POOL_AT_CAPACITY
}
