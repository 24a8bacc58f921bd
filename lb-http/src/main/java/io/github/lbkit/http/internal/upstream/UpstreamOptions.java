package io.github.lbkit.http.internal.upstream;

import io.github.lbkit.http.Limits;
import io.github.lbkit.http.Timeouts;

/**
 * How a loop keeps its connections to servers. Immutable.
 *
 * @param connectNanos how long making one may take
 * @param idleNanos how long an unused one is kept
 * @param idlePerInstance how many unused ones to one instance a loop keeps
 */
public record UpstreamOptions(long connectNanos, long idleNanos, int idlePerInstance) {
    /** Those of one of so many loops; together they keep no more unused connections than there may be. */
    public static UpstreamOptions of(Timeouts timeouts, Limits limits, int loops) {
        return new UpstreamOptions(
                timeouts.connect().toNanos(),
                timeouts.serverIdle().toNanos(),
                Math.max(1, limits.connectionsPerServer() / loops));
    }
}
