package io.github.lbkit.http;

import io.github.lbkit.api.NoServer;
import java.io.IOException;
import java.time.Duration;

/** A balanced request found no server to ask. One that asked a server in vain fails with what went wrong there instead. */
public final class NoServerException extends IOException {
    private static final long serialVersionUID = 1;

    private final NoServer.Reason reason;
    private final Duration retryAfter;

    /**
     * For this logical name.
     *
     * @param name as in the request's URL
     * @param reason why there was none
     * @param retryAfter when another try may be worth it
     */
    public NoServerException(String name, NoServer.Reason reason, Duration retryAfter) {
        super("no server of " + name + " can be asked: " + reason + "; another try may be worth it in " + retryAfter);
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    /** Why there was none. */
    public NoServer.Reason reason() {
        return reason;
    }

    /** When another try may be worth it. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
