package io.github.lbkit.examples.dashboard;

import io.github.lbkit.api.ServerStatus;

/**
 * One server as people see it. Immutable.
 *
 * @param status as the balancer sees it
 * @param condition how it stands
 * @param share the share of all keys that it owns, 0 to 1
 * @param expected the share of requests that it should have got in that time by its share of the keys, 0 to 1: while it
 *     could not serve, none
 * @param measured the share that it got in about the last minute, 0 to 1; newer requests count more
 * @param picks how many requests that were, in all and weighed the same way
 * @param perSecond attempts in the last second
 * @param failedPerSecond attempts that failed in the last second
 * @param ejections since it joined
 */
record ServerView(
        ServerStatus status,
        Condition condition,
        double share,
        double expected,
        double measured,
        double picks,
        double perSecond,
        double failedPerSecond,
        long ejections) {
    String id() {
        return status.server().id();
    }
}
