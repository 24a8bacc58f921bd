package io.github.lbkit.http.internal.outcome;

import io.github.lbkit.api.NoServer;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.internal.wire.write.StatusLine;
import java.time.Duration;

/** The responses of the proxy for failures. They reveal nothing but their status. Stateless. */
public final class FailureResponses {
    /** The response 502. */
    public static final LocalResponse BAD_GATEWAY = of(502);

    /** The response 404. */
    public static final LocalResponse NOT_FOUND = of(404);

    /** The default of {@code Retry-After}. */
    public static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(1);

    private FailureResponses() {}

    /** Returns a response with this status and its reason as the body. */
    public static LocalResponse of(int status) {
        return LocalResponse.text(status, status + " " + StatusLine.reason(status) + "\n");
    }

    /** Returns the response of an exchange that ends in this way. */
    public static LocalResponse of(Ending ending) {
        return ending.status() == 503 ? unavailable(DEFAULT_RETRY_AFTER) : of(ending.status());
    }

    /** Returns the response of an exchange for which there is no server. */
    public static LocalResponse of(NoServer none) {
        return unavailable(none.retryAfter());
    }

    /** Returns a response 503 that asks the client to retry after this time. */
    public static LocalResponse unavailable(Duration retryAfter) {
        long seconds = Math.max(1, retryAfter.plusNanos(999_999_999).toSeconds());
        return of(503).with("Retry-After", Long.toString(seconds));
    }
}
