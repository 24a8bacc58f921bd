package io.github.lbkit.examples.dashboard;

import io.github.lbkit.api.explain.ServerStatus;
import io.github.lbkit.examples.condition.ServerCondition;

/**
 * The view of one server on the dashboard. Immutable.
 *
 * @param status the status of the server in the balancer
 * @param condition the condition of the server, without regard to its weight
 * @param share the share of all keys that the server owns, 0 to 1
 * @param expected the expected share of the requests of about the last minute, 0 to 1; the time in which the server
 *     could not serve does not count
 * @param measured the measured share of the requests of about the last minute, 0 to 1; newer requests have more weight
 * @param picks the number of these requests, with the same weights
 * @param perSecond the number of attempts in the last second
 * @param failedPerSecond the number of failed attempts in the last second
 * @param ejections the number of ejections since the server joined
 */
record ServerView(
        ServerStatus status,
        ServerCondition.Kind condition,
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
