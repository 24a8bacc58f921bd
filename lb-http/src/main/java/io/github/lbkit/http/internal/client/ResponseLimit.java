package io.github.lbkit.http.internal.client;

import java.time.Duration;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The longest wait of an attempt for its server. Immutable.
 *
 * @param time the limit of each wait
 * @param chosen true if the caller set the limit; the default limit yields to HttpClient's own configuration
 */
public record ResponseLimit(Duration time, boolean chosen) {
    /** The limit of a client whose builder sets none. */
    public static final ResponseLimit DEFAULTS = new ResponseLimit(Duration.ofSeconds(30), false);

    /**
     * Returns whether the connection has a configured socket timeout that is longer than the limit and takes
     * precedence.
     */
    boolean yieldsTo(@Nullable EndpointDetails connection) {
        Timeout socket = connection == null ? null : connection.getSocketTimeout();
        if (chosen || socket == null || socket.isDisabled()) {
            return false; // asynchronous clients have no socket timeout by default
        }
        return !socket.equals(SocketConfig.DEFAULT.getSoTimeout())
                && socket.toDuration().compareTo(time) > 0;
    }
}
