package io.github.lbkit.micrometer;

import io.github.lbkit.api.Membership;

/**
 * The conditions of a balancer that are known only from its events. Thread-safe: the events, one at a time, write the
 * conditions, and registries read them.
 */
final class Conditions {
    /** Written by the balancer's events, read by registries. */
    private volatile boolean failOpen;

    /** The version of the last refused membership; −1 before. Written by the balancer's events, read by registries. */
    private volatile long refusedVersion = -1;

    void failOpen(boolean value) {
        failOpen = value;
    }

    void refused(Membership membership) {
        refusedVersion = membership.version();
    }

    /** Returns whether health and ejections are currently ignored. */
    boolean isFailOpen() {
        return failOpen;
    }

    /** Returns whether the policy refused this membership, so that an older routing table is in use. */
    boolean isRefused(Membership inUse) {
        return inUse.version() == refusedVersion;
    }
}
