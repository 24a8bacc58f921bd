package io.github.lbkit.http.internal.client;

import io.github.lbkit.api.Failure;
import io.github.lbkit.http.internal.status.FailureStatuses;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * The settings of all balanced requests of one client. Immutable.
 *
 * @param failureStatuses the statuses that count as failures of the server
 * @param held the longest response with Content-Length that is held until complete, in bytes
 * @param serverHost true if the Host field names the server, false if it names the logical name
 * @param protocolUpgrade true if HttpClient's field {@code Upgrade: TLS/1.2} stays in requests
 * @param responseLimit the longest wait of an attempt for its server
 */
public record ClientSettings(
        FailureStatuses failureStatuses,
        int held,
        boolean serverHost,
        boolean protocolUpgrade,
        ResponseLimit responseLimit) {
    /** Returns whether the response limit applies to requests with this configuration of the caller. */
    boolean limits(@Nullable RequestConfig config) {
        return responseLimit.chosen() || config == null || config.getResponseTimeout() == null;
    }

    /** Returns the failure that a response's head reports; null if it reports none. */
    @Nullable
    Failure failure(HttpResponse head) {
        return failureStatuses.failure(head.getCode(), head.containsHeader(HttpHeaders.RETRY_AFTER));
    }

    /** Returns whether a body of this length in bytes is held until complete; −1 is an unknown length. */
    public boolean holds(long length) {
        return length >= 0 && length <= held;
    }
}
