package io.github.lbkit.api.explain;

/** An operator's override of one server, which survives changes of the membership. */
public enum OperatorOverride {
    /** No override: state and health decide. */
    NONE,
    /** No new attempts; attempts in flight finish. */
    DRAIN,
    /** No new attempts, as for a dead server; attempts that may be repeated are retried elsewhere. */
    DOWN
}
