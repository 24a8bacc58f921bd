package io.github.lbkit.api.explain;

/** The reason of an ejection. */
public enum EjectionReason {
    /** Too many attempts failed in a row. */
    CONSECUTIVE_FAILURES,
    /** Too large a share of the window's attempts failed. */
    FAILURE_RATIO,
    /** The trial after an earlier ejection failed. */
    TRIAL_FAILED,
    /** The server responded much slower than the other servers. */
    LATENCY
}
