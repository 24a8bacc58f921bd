package io.github.lbkit.micrometer;

import io.github.lbkit.api.Membership;

/**
 * The conditions of a balancer that only its listeners learn. Thread-safe; the balancer's events, which come one at a time,
 * write, and registries read.
 */
final class Conditions {
    /** Written by the balancer's events, read by registries. */
    private volatile boolean failOpen;

    /** The version of the membership that was refused last; −1 before. Written by the balancer's events, read by registries. */
    private volatile long refusedVersion = -1;

    void failOpen(boolean begun) {
        failOpen = begun;
    }

    void refused(Membership membership) {
        refusedVersion = membership.version();
    }

    /** Returns whether health and ejections are ignored now. */
    boolean isFailOpen() {
        return failOpen;
    }

    /** Returns whether the policy refused this membership, so that an older routing table is in force. */
    boolean isRefused(Membership inUse) {
        return inUse.version() == refusedVersion;
    }
}
