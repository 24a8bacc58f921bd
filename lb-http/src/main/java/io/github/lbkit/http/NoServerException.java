package io.github.lbkit.http;

import io.github.lbkit.api.NoServer;
import java.io.IOException;
import java.time.Duration;

/**
 * An exception for a balanced request for which no server could be chosen. A request that failed at its servers throws
 * its last failure instead.
 */
public final class NoServerException extends IOException {
    private static final long serialVersionUID = 1;

    private final NoServer.Reason reason;
    private final Duration retryAfter;

    /**
     * Creates the exception.
     *
     * @param name the logical name
     * @param reason the reason why there is no server
     * @param retryAfter the time after which another try may succeed
     */
    public NoServerException(String name, NoServer.Reason reason, Duration retryAfter) {
        super("no server of " + name + " is available: " + reason + "; retry after " + retryAfter);
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    /** Returns the reason why there is no server. */
    public NoServer.Reason reason() {
        return reason;
    }

    /** Returns the time after which another try may succeed. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
