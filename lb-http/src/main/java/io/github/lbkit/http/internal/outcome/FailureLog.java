package io.github.lbkit.http.internal.outcome;

import io.github.lbkit.api.internal.RateLimitedLog;
import io.github.lbkit.api.internal.ThrownText;
import io.github.lbkit.http.RequestHead;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of failed requests: errors that no server sent, and responses that were cut off. It has at most one line for
 * each server, reason and minute. Thread-safe.
 */
public final class FailureLog {
    private static final Logger LOG = LoggerFactory.getLogger("io.github.lbkit.http.failures");

    /** The value that replaces the status of a request that is sent to another server. */
    public static final int RETRIED = -1;

    private final RateLimitedLog log;

    /** Creates a log with this clock, in nanoseconds from any origin. */
    public FailureLog(LongSupplier nanoTime) {
        log = new RateLimitedLog(LOG, nanoTime);
    }

    /**
     * Logs the failure of a request.
     *
     * @param status the status that the client receives; 0 if its response was cut off, {@link #RETRIED} if the request
     *     is sent to another server
     * @param serverId the server that was tried last; null if none was tried
     * @param detail further details; empty if there are none
     */
    public void failed(int status, Ending ending, RequestHead request, @Nullable String serverId, String detail) {
        if (!ending.isExplained()) {
            return;
        }
        log.warn(
                serverId == null ? "-" : serverId,
                ending.word(),
                "{} for request {}: {}{}{}{} [{}]",
                outcome(status),
                request.requestId(),
                serverId == null ? "" : "server " + serverId + ": ",
                ending.explanation(),
                detail.isEmpty() ? "" : " (" + detail + ")",
                ending.setting().isEmpty() ? "" : "; see " + ending.setting(),
                ending.word());
    }

    private static String outcome(int status) {
        return switch (status) {
            case RETRIED -> "another server";
            case 0 -> "a cut";
            default -> String.valueOf(status);
        };
    }

    /** Logs that code of the application or of this project has thrown while it worked on a request. */
    public void crashed(@Nullable RequestHead request, Throwable thrown) {
        String where = ThrownText.origin(thrown);
        log.error(
                where,
                Ending.INTERNAL_ERROR.word(),
                thrown,
                "500 or a cut for request {}: class {} threw",
                request == null ? "-" : request.requestId(),
                where);
    }
}
