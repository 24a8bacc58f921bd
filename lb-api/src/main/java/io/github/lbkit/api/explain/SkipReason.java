package io.github.lbkit.api.explain;

import io.github.lbkit.api.Server;

/** The reason why a call skips a candidate, in the order of the filters. */
public enum SkipReason {
    /** The server is not {@link Server.State#READY}, or has left since. */
    NOT_READY,
    /** The server's weight is 0: it receives nothing. */
    NO_WEIGHT,
    /** The operator has overridden the server. */
    OVERRIDDEN,
    /** The call has tried the server already. */
    TRIED,
    /** The server's probes failed. Ignored while too few servers are fit (fail-open). */
    UNHEALTHY,
    /** The server's traffic failed too often. Ignored while too few servers are fit (fail-open). */
    EJECTED,
    /** The server warms up and declines this key. */
    WARMING_UP,
    /** The server has the maximum number of attempts in flight. */
    AT_CAPACITY,
    /** The server has reached its share of the load (bounded load). */
    OVERLOADED,
    /** The pool has the maximum number of attempts in flight; the call ends without a server. */
    POOL_AT_CAPACITY
}
