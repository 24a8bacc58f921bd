package io.github.lbkit.http.internal.outcome;

import io.github.lbkit.http.internal.peer.IpText;
import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.Limit;
import java.net.InetAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
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
    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final Map<Limit, LineLimit> limits = new EnumMap<>(Limit.class);
    private final LineLimit connections = new LineLimit(WINDOW);
    private final LongAdder refusedConnections = new LongAdder();

    private final LongSupplier nanoTime;

    /** Creates a log with this clock, in nanoseconds from any origin. */
    public RefusalLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        for (Limit limit : Limit.values()) {
            limits.put(limit, new LineLimit(WINDOW));
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
        if (connections.admits(nanoTime.getAsLong())) {
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
        LineLimit limit = bad.limit() == null ? null : limits.get(bad.limit());
        return limit != null && limit.admits(nanoTime.getAsLong());
    }
}
