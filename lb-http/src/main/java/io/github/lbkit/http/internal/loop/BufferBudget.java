package io.github.lbkit.http.internal.loop;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bound on the bytes that all connections of a proxy hold together: input that was not consumed, output that was not
 * written, replay buffers, and responses held back. Thread-safe.
 *
 * <p>The bound has two thresholds. From the first (tight) on, connections that hold bytes are not read, and new
 * requests are refused. From the second (full) on, no connection is read. The held bytes decrease when peers read, or
 * when peers that do not read reach their timeout.
 *
 * <p>Each loop counts in a gauge of its own, so that no request writes a counter of another loop. A query sums the
 * gauges.
 */
public final class BufferBudget {
    private static final double TIGHT_SHARE = 0.8;

    private final long full;
    private final long tight;
    private final List<Gauge> gauges = new CopyOnWriteArrayList<>();

    /** Creates a budget of this many bytes. */
    public BufferBudget(long bytes) {
        full = bytes;
        tight = (long) (bytes * TIGHT_SHARE);
    }

    /** Returns a budget that is never tight. */
    public static BufferBudget unlimited() {
        return new BufferBudget(Long.MAX_VALUE);
    }

    /** Returns a new gauge for one loop. */
    Gauge newGauge() {
        Gauge gauge = new Gauge();
        gauges.add(gauge);
        return gauge;
    }

    /** Returns the number of bytes held, as of a recent moment. */
    public long held() {
        long sum = 0;
        for (Gauge gauge : gauges) {
            sum += gauge.bytes.get();
        }
        return sum;
    }

    /** Returns whether new requests must be refused, and connections that hold bytes must not be read. */
    public boolean isTight() {
        return held() >= tight;
    }

    /** Returns whether no connection must be read. */
    boolean isFull() {
        return held() >= full;
    }

    /** The bytes that the connections of one loop hold. Written by the loop, read by any thread. */
    static final class Gauge {
        private final AtomicLong bytes = new AtomicLong();

        void add(long change) {
            bytes.lazySet(bytes.getPlain() + change);
        }
    }
}
