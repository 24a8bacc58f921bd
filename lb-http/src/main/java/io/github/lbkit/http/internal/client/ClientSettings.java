package io.github.lbkit.http.internal.client;

import io.github.lbkit.api.Failure;
import io.github.lbkit.http.internal.status.FailureStatuses;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * What holds for every balanced request of a client. Immutable.
 *
 * @param failureStatuses the statuses by which a server says that it failed
 * @param held the longest response with Content-Length that is held until complete, in bytes
 * @param serverHost whether the Host header names the server rather than the logical name
 */
public record ClientSettings(FailureStatuses failureStatuses, int held, boolean serverHost) {
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
