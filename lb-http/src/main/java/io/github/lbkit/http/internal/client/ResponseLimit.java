package io.github.lbkit.http.internal.client;

import java.time.Duration;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * How long an attempt may wait for its server. Immutable.
 *
 * @param time the limit of each wait
 * @param chosen whether the caller has set the limit; the default limit yields to HttpClient's own configuration
 */
public record ResponseLimit(Duration time, boolean chosen) {
    /** The limit of a client whose builder sets none. */
    public static final ResponseLimit DEFAULT = new ResponseLimit(Duration.ofSeconds(30), false);

    /** Whether the connection has a socket timeout that was configured, is longer than the limit, and takes precedence. */
    boolean yieldsTo(@Nullable EndpointDetails connection) {
        Timeout socket = connection == null ? null : connection.getSocketTimeout();
        if (chosen || socket == null || socket.isDisabled()) {
            return false; // no timeout is the default of asynchronous clients
        }
        return !socket.equals(SocketConfig.DEFAULT.getSoTimeout())
                && socket.toDuration().compareTo(time) > 0;
    }
}
