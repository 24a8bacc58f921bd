package io.github.lbkit.http.internal.outcome;

import io.github.lbkit.http.internal.peer.IpText;
import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.Limit;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of refused requests and connections. A refusal because of a limit is logged at WARN, at most once a minute
 * for each limit; the line names the setting. All other refusals of requests are logged at DEBUG. Thread-safe.
 */
public final class RefusalLog {
    private static final Logger LOG = LoggerFactory.getLogger("io.github.lbkit.http.refused");
    private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final long NEVER = Long.MIN_VALUE;

    /** The time of the last line of each limit, or {@link #NEVER}. Written by any loop, by compare-and-set. */
    private final Map<Limit, AtomicLong> lastLines = new EnumMap<>(Limit.class);

    /** The time of the last line about a refused connection, or {@link #NEVER}. Written as {@link #lastLines}. */
    private final AtomicLong lastConnectionLine = new AtomicLong(NEVER);

    private final LongAdder refusedConnections = new LongAdder();

    private final LongSupplier nanoTime;

    /** Creates a log with this clock, in nanoseconds from any origin. */
    public RefusalLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        for (Limit limit : Limit.values()) {
            lastLines.put(limit, new AtomicLong(NEVER));
        }
    }

    /** Logs the refusal of a request, with the status that the client receives. */
    public void refused(BadMessageException bad) {
        if (admits(bad)) {
            LOG.warn("a request is refused with {}: {}", bad.status(), bad.reason());
        } else {
            LOG.debug("a request is refused with {}: {}", bad.status(), bad.reason());
        }
    }

    /**
     * Counts and logs that the connection of a peer is closed, because its PROXY header is missing or wrong. Logged at
     * WARN at most once a minute, otherwise at DEBUG.
     */
    public void connectionRefused(InetAddress peer, String reason) {
        refusedConnections.increment();
        String message = "a connection of {} is closed, {} since the start: {}";
        String address = IpText.of(peer);
        if (admits(lastConnectionLine)) {
            LOG.warn(message, address, refusedConnections.sum(), reason);
        } else {
            LOG.debug(message, address, refusedConnections.sum(), reason);
        }
    }

    /** Returns the number of connections that were closed for want of a valid PROXY header. */
    public long refusedConnections() {
        return refusedConnections.sum();
    }

    private boolean admits(BadMessageException bad) {
        AtomicLong written = bad.limit() == null ? null : lastLines.get(bad.limit());
        return written != null && admits(written);
    }

    private boolean admits(AtomicLong written) {
        long nowNanos = nanoTime.getAsLong();
        long before = written.get();
        return (before == NEVER || nowNanos - before >= WINDOW_NANOS) && written.compareAndSet(before, nowNanos);
    }
}
