package io.github.lbkit.http.internal.client;

import io.github.lbkit.api.Failure;
import java.util.Set;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * What holds for every balanced request of a client. Immutable.
 *
 * @param failureStatuses the statuses by which a server says that it failed, 500 to 599
 * @param held the longest response with Content-Length that is held until complete, in bytes
 * @param serverHost whether the Host header names the server rather than the logical name
 */
public record ClientSettings(Set<Integer> failureStatuses, int held, boolean serverHost) {
    /**
     * How the server failed by what it says; null if it did not. A server that is unavailable for a while, and says for how
     * long, has too much to do.
     */
    @Nullable
    Failure failure(HttpResponse head) {
        int status = head.getCode();
        if (status < HttpStatus.SC_SERVER_ERROR || !failureStatuses.contains(status)) {
            return null;
        }
        return status == HttpStatus.SC_SERVICE_UNAVAILABLE && head.containsHeader(HttpHeaders.RETRY_AFTER)
                ? Failure.OVERLOADED
                : Failure.STATUS;
    }

    /** Whether a body of this length is held; −1 is a length that is not known. */
    boolean holds(long length) {
        return length >= 0 && length <= held;
    }
}
