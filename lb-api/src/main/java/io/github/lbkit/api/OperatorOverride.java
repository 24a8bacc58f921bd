package io.github.lbkit.api;

/** The operator's word about one server; it survives changes of the membership. */
public enum OperatorOverride {
    /** None: state and health decide. */
    NONE,
    /** No new attempts; those in flight finish. */
    DRAIN,
    /** As if it were down: no new attempts, and those that can be repeated elsewhere move on. */
    DOWN
}
