package io.github.lbkit.api;

/** What about its traffic had a server ejected. */
public enum EjectionReason {
    /** So many attempts in a row failed. */
    CONSECUTIVE_FAILURES,
    /** So great a share of the attempts of a window failed. */
    FAILURE_RATIO,
    /** It was ejected before, and the attempt that was let through to see failed. */
    TRIAL_FAILED,
    /** It answered so much slower than the others. */
    LATENCY
}
