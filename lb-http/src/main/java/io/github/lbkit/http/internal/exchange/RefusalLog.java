package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.Limit;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells operators of requests that were refused because of a limit: at WARN, one line for each limit and minute, which names the
 * settings. Every other refusal is at DEBUG. Thread-safe.
 */
public final class RefusalLog {
    private static final Logger LOG = LoggerFactory.getLogger("io.github.lbkit.http.refused");
    private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final long NEVER = Long.MIN_VALUE;

    /** When the last line of a limit was written, or {@link #NEVER}. Written by any loop, by compare-and-set. */
    private final Map<Limit, AtomicLong> last = new EnumMap<>(Limit.class);

    /** Creates a log that has written nothing yet. */
    public RefusalLog() {
        for (Limit limit : Limit.values()) {
            last.put(limit, new AtomicLong(NEVER));
        }
    }

    /** Tells of a request that is answered with the status of this failure. */
    void request(BadMessageException bad, long nowNanos) {
        if (admits(bad, nowNanos)) {
            LOG.warn("a request is refused with {}: {}", bad.status(), bad.reason());
        } else {
            LOG.debug("a request is refused with {}: {}", bad.status(), bad.reason());
        }
    }

    private boolean admits(BadMessageException bad, long nowNanos) {
        AtomicLong written = bad.limit() == null ? null : last.get(bad.limit());
        if (written == null) {
            return false;
        }
        long before = written.get();
        return (before == NEVER || nowNanos - before >= WINDOW_NANOS) && written.compareAndSet(before, nowNanos);
    }
}
