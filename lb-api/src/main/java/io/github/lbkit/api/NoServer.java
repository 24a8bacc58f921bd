package io.github.lbkit.api;

import java.time.Duration;

/**
 * No server can be tried. Immutable.
 *
 * @param reason why
 * @param retryAfter when another try may be worth it
 */
public record NoServer(Reason reason, Duration retryAfter) implements Pick {
    /** Why there is none. */
    public enum Reason {
        /** The pool knows nothing yet. */
        POOL_UNKNOWN,
        /** The pool has no servers of a weight above 0. */
        POOL_EMPTY,
        /** The policy has refused every membership so far, so that there is no routing table; the log says why. */
        MEMBERSHIP_REFUSED,
        /** No server is ready, or the operator holds back those that are. */
        NONE_READY,
        /** Every server that is ready has as much in flight as it may have. */
        ALL_BUSY,
        /** The whole pool has as much in flight as it may have. */
        POOL_BUSY,
        /** This call has tried every server that is ready. */
        ALL_TRIED,
        /** There were too many retries lately for this call to make another. */
        RETRY_BUDGET_EMPTY,
        /** As many calls wait for a server as may (see {@link WaitQueue}). */
        QUEUE_FULL,
        /** This call has waited for a server as long as it may (see {@link WaitQueue}). */
        QUEUE_TIMEOUT,
        /** This call has made as many attempts as it may. */
        ATTEMPTS_USED_UP,
        /** The balancer is closed. */
        CLOSED
    }
}
