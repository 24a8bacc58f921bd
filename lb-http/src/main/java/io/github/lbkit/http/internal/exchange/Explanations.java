package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.api.internal.RateLimitedLog;
import io.github.lbkit.api.internal.ThrownText;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of why clients got an error that no server sent, and of responses that were cut: at most one line per server,
 * reason and minute. Thread-safe.
 */
public final class Explanations {
    private static final Logger LOG = LoggerFactory.getLogger("io.github.lbkit.http.failures");

    private final RateLimitedLog log;

    /** Stands for the status of a request that goes to another server. */
    static final int GOES_ON = -1;

    /** Explanations by this clock, in nanoseconds from any origin. */
    public Explanations(LongSupplier nanoTime) {
        log = new RateLimitedLog(LOG, nanoTime);
    }

    /**
     * Tells why a request got this answer.
     *
     * @param status the status that the client gets; 0 where its response was cut, {@link #GOES_ON} where it gets none yet
     * @param serverId the server that was tried last; null if none was
     * @param detail what exactly was wrong; empty if nothing more is known
     */
    void tell(int status, Ending ending, ClientRequest request, @Nullable String serverId, String detail) {
        if (!ending.isExplained()) {
            return;
        }
        log.warn(
                serverId == null ? "-" : serverId,
                ending.word(),
                "{} for request {}: {}{}{}{} [{}]",
                outcome(status),
                request.view().requestId(),
                serverId == null ? "" : "server " + serverId + ": ",
                ending.explanation(),
                detail.isEmpty() ? "" : " (" + detail + ")",
                ending.setting().isEmpty() ? "" : "; see " + ending.setting(),
                ending.word());
    }

    private static String outcome(int status) {
        return switch (status) {
            case GOES_ON -> "another server";
            case 0 -> "a cut";
            default -> String.valueOf(status);
        };
    }

    /** Tells that code of the application or of this project threw while it worked on a request. */
    void threw(@Nullable ClientRequest request, Throwable thrown) {
        String where = ThrownText.origin(thrown);
        log.error(
                where,
                Ending.INTERNAL_ERROR.word(),
                thrown,
                "500 or a cut for request {}: class {} threw",
                request == null ? "-" : request.view().requestId(),
                where);
    }
}
