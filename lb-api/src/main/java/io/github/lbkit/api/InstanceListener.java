package io.github.lbkit.api;

/**
 * Follows which instances may be talked to. Called on the thread that changed it, one call at a time; must not block.
 * One that throws is logged and harms nobody.
 */
public interface InstanceListener {
    /** A new snapshot is in use; tells also whether a new routing table was built for it. */
    default void membershipChanged(Membership before, Membership after, boolean newTable) {}

    /**
     * This instance gets no new attempts and cannot be trusted to answer those it has: its server is down,
     * unhealthy or ejected, was overridden to {@link OperatorOverride#DOWN}, or has left without a drain. Whoever has unanswered attempts on it
     * that can be repeated moves them on now.
     */
    default void instanceLost(Server server, Instance instance) {}
}
