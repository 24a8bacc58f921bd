package io.github.lbkit.api;

import io.github.lbkit.api.explain.OperatorOverride;

/**
 * A listener of changes of the usable instances. Called for one event at a time, in the order of the changes, on a
 * thread that made one of the changes. If a second thread makes a change while a first calls listeners, the first
 * thread also delivers the second change, and the second does not wait. Must not block. An exception is logged, at most
 * once a minute for each class of listeners, and affects no other listener.
 */
public interface InstanceListener {
    /** Called when a new snapshot is in use; tells whether a new routing table was built. */
    default void membershipChanged(Membership before, Membership after, boolean newTable) {}

    /**
     * Called when an instance gets no new attempts and may not respond to current ones: its server is down, unhealthy,
     * ejected, overridden to {@link OperatorOverride#DOWN}, or has left without a drain. A caller should retry
     * unanswered attempts elsewhere now, if they may be repeated.
     */
    default void instanceLost(Server server, Instance instance) {}

    /**
     * Called at the deadline of a drain while attempts at the instance are in flight. The pool may stop the instance
     * now. A caller should end the attempts that would go on without end, such as tunnels.
     */
    default void drainExpired(Server server, Instance instance) {}
}
