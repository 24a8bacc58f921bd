package io.github.lbkit.api.explain;

import io.github.lbkit.api.Server;

/**
 * The status of one server, as a balancer sees it. Immutable.
 *
 * @param server the server as in the membership
 * @param operator the operator's override
 * @param health whether a call would take the server now, and the reasons against it
 * @param inFlight the number of attempts in flight to the current instance
 * @param latencyNanos the moving average of the time to the first byte, in nanoseconds; 0 before the first measurement
 */
public record ServerStatus(
        Server server, OperatorOverride operator, ServerHealth health, int inFlight, long latencyNanos) {}
