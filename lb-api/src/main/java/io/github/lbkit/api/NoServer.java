package io.github.lbkit.api;

import java.time.Duration;

/**
 * The result of a call for which no server can be tried. Immutable.
 *
 * @param reason the reason
 * @param retryAfter the time after which a retry may succeed
 */
public record NoServer(Reason reason, Duration retryAfter) implements Pick {
    /** The reason why no server can be tried. */
    public enum Reason {
        /** The pool has no membership yet. */
        POOL_UNKNOWN,
        /** The pool has no server with a weight above 0. */
        POOL_EMPTY,
        /**
         * The policy has refused every membership so far, so that there is no routing table; the log has the reason.
         */
        MEMBERSHIP_REFUSED,
        /** No server is ready, or the operator has overridden the ready servers. */
        NONE_READY,
        /** Every ready server has the maximum number of attempts in flight. */
        ALL_BUSY,
        /** The pool has the maximum number of attempts in flight. */
        POOL_BUSY,
        /** The call has tried every ready server. */
        ALL_TRIED,
        /** The retry budget is exhausted. */
        RETRY_BUDGET_EMPTY,
        /** The wait queue is full (see {@link WaitQueue}). */
        QUEUE_FULL,
        /** The call has waited for the maximum time (see {@link WaitQueue}). */
        QUEUE_TIMEOUT,
        /** The call has made the maximum number of attempts. */
        ATTEMPTS_USED_UP,
        /** The balancer is closed. */
        CLOSED
    }
}
