package io.github.lbkit.http.internal.outcome;

import io.github.lbkit.http.internal.peer.IpText;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log and the count of TLS handshakes with clients that failed. At most one failure a second is logged at INFO,
 * with the number of failures since the line before. All others are logged at DEBUG. No failure counts against a
 * server. Thread-safe.
 */
public final class HandshakeLog {
    private static final Logger LOG = LoggerFactory.getLogger("io.github.lbkit.http.handshakes");

    private final LongSupplier nanoTime;
    private final LineLimit lines = new LineLimit(Duration.ofSeconds(1));

    /** The number of failures. Written and read by any thread. */
    private final AtomicLong failed = new AtomicLong();

    /** The number of failures at the last line. Written by the loop that writes the line. */
    private final AtomicLong logged = new AtomicLong();

    /** Creates a log with this clock, in nanoseconds from any origin. */
    public HandshakeLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Returns the number of failures. */
    public long failed() {
        return failed.get();
    }

    /**
     * Logs and counts a failure.
     *
     * @param reason the reason, as a clause about the client
     */
    public void failed(InetAddress client, String reason) {
        long count = failed.incrementAndGet();
        if (lines.admits(nanoTime.getAsLong())) {
            LOG.info(
                    "no TLS with client {}: {} ({} failed handshakes since the last such line)",
                    IpText.of(client),
                    reason,
                    count - logged.getAndSet(count));
        } else if (LOG.isDebugEnabled()) {
            LOG.debug("no TLS with client {}: {}", IpText.of(client), reason);
        }
    }
}
