package io.github.lbkit.http.internal.client;

import io.github.lbkit.api.Failure;
import io.github.lbkit.http.internal.status.FailureStatuses;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * What holds for every balanced request of a client. Immutable.
 *
 * @param failureStatuses the statuses by which a server says that it failed
 * @param held the longest response with Content-Length that is held until complete, in bytes
 * @param serverHost whether the Host header names the server rather than the logical name
 * @param protocolUpgrade whether HttpClient's {@code Upgrade: TLS/1.2} stays in requests
 * @param responseLimit how long an attempt may wait for its server
 */
public record ClientSettings(
        FailureStatuses failureStatuses,
        int held,
        boolean serverHost,
        boolean protocolUpgrade,
        ResponseLimit responseLimit) {
    /** Whether attempts of a request with this configuration have the limit, and not HttpClient's response timeout alone. */
    boolean limits(@Nullable RequestConfig callers) {
        return responseLimit.chosen() || callers == null || callers.getResponseTimeout() == null;
    }

    /** How the server failed by what it says; null if it did not. */
    @Nullable
    Failure failure(HttpResponse head) {
        return failureStatuses.failure(head.getCode(), head.containsHeader(HttpHeaders.RETRY_AFTER));
    }

    /** Whether a body of this length is held; −1 is a length that is not known. */
    boolean holds(long length) {
        return length >= 0 && length <= held;
    }
}
