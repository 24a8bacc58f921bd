package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.api.NoServer;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.internal.wire.write.StatusLine;
import java.time.Duration;

/** Which answer a client gets for what went wrong; none says more than its status does. Stateless. */
final class FailureResponses {
    static final LocalResponse BAD_GATEWAY = of(502);
    static final LocalResponse NOT_FOUND = of(404);

    /** When to come back where nobody knows better. */
    static final Duration SOON = Duration.ofSeconds(1);

    private FailureResponses() {}

    /** What stands for this status and nothing else. */
    static LocalResponse of(int status) {
        return LocalResponse.text(status, status + " " + StatusLine.reason(status) + "\n");
    }

    /** Returns what a client gets whose exchange ends this way. */
    static LocalResponse of(Ending ending) {
        return ending.status() == 503 ? unavailable(SOON) : of(ending.status());
    }

    /** No server could be had, or none could be connected to. */
    static LocalResponse of(NoServer none) {
        return unavailable(none.retryAfter());
    }

    /** Too much is going on. */
    static LocalResponse unavailable(Duration retryAfter) {
        long seconds = Math.max(1, retryAfter.plusNanos(999_999_999).toSeconds());
        return of(503).with("Retry-After", Long.toString(seconds));
    }
}
