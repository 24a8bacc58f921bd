package io.github.lbkit.api;

/**
 * A listener of which instances may be talked to. Called one event at a time, in the order of the changes, on a thread that
 * made one of them: a change that comes while another thread calls listeners is told by that thread, and the changing thread
 * does not wait for it. Must not block. A listener may throw anything: it is logged, at most once a minute for each class of
 * listeners, and harms no other listener.
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
