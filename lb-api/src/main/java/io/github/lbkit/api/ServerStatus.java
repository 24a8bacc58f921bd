package io.github.lbkit.api;

/**
 * One server as the balancer sees it. Immutable.
 *
 * @param server as in the membership
 * @param operator the operator's override
 * @param health whether a call would take the server now, and what speaks against it
 * @param inFlight attempts in flight to the current instance
 * @param latencyNanos moving average of the time to the first byte; 0 while nothing was measured
 */
public record ServerStatus(
        Server server, OperatorOverride operator, ServerHealth health, int inFlight, long latencyNanos) {}
