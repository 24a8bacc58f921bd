package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.api.Failure;
import io.github.lbkit.api.NoServer;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.internal.wire.StatusLine;
import java.time.Duration;

/** Which answer a client gets for what went wrong; none says more than its status does. Stateless. */
final class FailureResponses {
    static final LocalResponse BAD_GATEWAY = of(502);
    static final LocalResponse GATEWAY_TIMEOUT = of(504);
    static final LocalResponse NOT_FOUND = of(404);
    static final LocalResponse REQUEST_TIMEOUT = of(408);
    static final LocalResponse INTERNAL_ERROR = of(500);

    /** When to come back where nobody knows better. */
    static final Duration SOON = Duration.ofSeconds(1);

    private FailureResponses() {}

    /** What stands for this status and nothing else. */
    static LocalResponse of(int status) {
        return LocalResponse.text(status, status + " " + StatusLine.reason(status) + "\n");
    }

    /** An attempt failed that a server may have had a part of, and no other could be made. */
    static LocalResponse of(Failure failure) {
        return switch (failure) {
            case TIMEOUT -> GATEWAY_TIMEOUT;
            case CONNECT, DISCONNECT, PROTOCOL, STATUS, OVERLOADED -> BAD_GATEWAY;
        };
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
