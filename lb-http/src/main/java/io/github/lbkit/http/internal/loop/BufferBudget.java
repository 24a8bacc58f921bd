package io.github.lbkit.http.internal.loop;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bound on the bytes that all connections of a proxy hold together: bytes that came and were not taken, that wait to be
 * written, and that are kept for a repetition or held back. The bound has two steps. Where it is tight, connections that hold
 * something are not read from, and new requests are refused; where it is full, no connection is read from. What is held
 * becomes less as peers read, or as those that do not read run out of time. Thread-safe.
 *
 * <p>Every loop counts by itself, so that no request touches a counter of another loop; the sum is made when it is asked for.
 */
public final class BufferBudget {
    private static final double TIGHT = 0.8;

    private final long full;
    private final long tight;
    private final List<Gauge> gauges = new CopyOnWriteArrayList<>();

    /** A budget of so many bytes. */
    public BufferBudget(long bytes) {
        full = bytes;
        tight = (long) (bytes * TIGHT);
    }

    /** A budget that is never tight. */
    public static BufferBudget unlimited() {
        return new BufferBudget(Long.MAX_VALUE);
    }

    /** Adds the gauge of one loop. */
    Gauge newGauge() {
        Gauge gauge = new Gauge();
        gauges.add(gauge);
        return gauge;
    }

    /** Returns how many bytes are held at some recent moment. */
    public long held() {
        long sum = 0;
        for (Gauge gauge : gauges) {
            sum += gauge.bytes.get();
        }
        return sum;
    }

    /** Returns whether new requests are to be refused, and connections that hold something are not to be read from. */
    public boolean isTight() {
        return held() >= tight;
    }

    /** Returns whether no connection is to be read from. */
    boolean isFull() {
        return held() >= full;
    }

    /** What one loop's connections hold. Written by the loop alone. */
    static final class Gauge {
        private final AtomicLong bytes = new AtomicLong();

        void add(long change) {
            bytes.lazySet(bytes.getPlain() + change);
        }
    }
}
