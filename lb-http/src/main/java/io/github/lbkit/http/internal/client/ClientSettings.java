package io.github.lbkit.http.internal.client;

import java.util.Set;

/**
 * What holds for every balanced request of a client. Immutable.
 *
 * @param failureStatuses the statuses by which a server says that it failed
 * @param held the longest response with Content-Length that is held until complete, in bytes
 * @param serverHost whether the Host header names the server rather than the logical name
 */
public record ClientSettings(Set<Integer> failureStatuses, int held, boolean serverHost) {
    boolean isFailure(int status) {
        return failureStatuses.contains(status);
    }

    /** Whether a body of this length is held; −1 is a length that is not known. */
    boolean holds(long length) {
        return length >= 0 && length <= held;
    }
}
