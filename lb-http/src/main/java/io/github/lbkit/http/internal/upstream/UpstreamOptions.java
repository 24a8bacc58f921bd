package io.github.lbkit.http.internal.upstream;

import io.github.lbkit.http.Limits;
import io.github.lbkit.http.ServerTls;
import io.github.lbkit.http.Timeouts;

/**
 * The settings of one loop for connections to servers. Immutable.
 *
 * @param connectNanos the timeout of connecting, in nanoseconds
 * @param handshakeNanos the timeout of a TLS handshake after the connection was made, in nanoseconds
 * @param idleNanos the time for which an unused connection is kept, in nanoseconds
 * @param idlePerInstance the maximum number of unused connections of one loop to one instance
 */
public record UpstreamOptions(long connectNanos, long handshakeNanos, long idleNanos, int idlePerInstance) {
    /** Returns the settings of one of this many loops, which share the maximum number of connections to a server. */
    public static UpstreamOptions of(Timeouts timeouts, ServerTls tls, Limits limits, int loops) {
        return new UpstreamOptions(
                timeouts.connect().toNanos(),
                tls.handshakeTimeout().toNanos(),
                timeouts.serverIdle().toNanos(),
                Math.max(1, limits.connectionsPerServer() / loops));
    }
}
