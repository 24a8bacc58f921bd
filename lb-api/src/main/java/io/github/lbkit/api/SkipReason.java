package io.github.lbkit.api;

/** Why a candidate is passed by, in the order in which the filters ask. */
public enum SkipReason {
    /** It is not {@link Server.State#READY}, or has left since. */
    NOT_READY,
    /** Its weight is 0: it receives nothing. */
    NO_WEIGHT,
    /** The operator said so. */
    OVERRIDDEN,
    /** Its probes failed. Ignored when too few servers would remain (fail-open). */
    UNHEALTHY,
    /** Its traffic failed too often. Ignored when too few servers would remain (fail-open). */
    EJECTED,
    /** It joined lately and takes this key later. */
    WARMING_UP,
    /** It has as many attempts in flight as it may have. */
    AT_CAPACITY,
    /** The whole pool has as many attempts in flight as it may have; told by explain alone, a call asks no server then. */
    POOL_AT_CAPACITY,
    /** It carries more than its part of the load (bounded load). */
    OVERLOADED,
    /** This call tried it already. */
    TRIED
}
