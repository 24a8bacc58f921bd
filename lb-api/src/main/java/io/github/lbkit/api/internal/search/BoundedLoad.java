package io.github.lbkit.api.internal.search;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Consistent hashing with bounded loads: no server carries more than c times its part of what is in flight, and what is
 * too much for it goes to the next candidates of its keys. Thread-safe: one shared counter, no lock.
 *
 * <p>Source: Mirrokni, Thorup, Zadimoghaddam, "Consistent Hashing with Bounded Loads", arXiv:1608.01350.
 */
public final class BoundedLoad {
    /** The greatest load factor; keeps the arithmetic within 64 bits. */
    public static final double MAX_FACTOR = 100;

    private static final long UNIT = 1_000;

    private final long thousandths;

    /** Attempts in flight and calls that look for a server. */
    private final AtomicLong total = new AtomicLong();

    private final LongAdder forced = new LongAdder();

    public BoundedLoad(double factor) {
        if (!(factor >= 1 && factor <= MAX_FACTOR)) {
            throw new IllegalArgumentException("loadFactor " + factor + " is not 1 to " + (int) MAX_FACTOR);
        }
        thousandths = Math.round(factor * UNIT);
    }

    /** Counts one more in; returns the total with it. */
    public long reserve() {
        return total.incrementAndGet();
    }

    /** Counts one out. */
    public void release() {
        total.decrementAndGet();
    }

    public long total() {
        return total.get();
    }

    /**
     * The most that a server may have in flight, the attempt that asks included: max(1, ⌈c · total · weight /
     * eligibleWeight⌉). The caps of all eligible servers sum to at least the total, so one of them has room.
     *
     * @param eligibleWeight the sum of the weights of all servers that may be picked, at least this server's
     */
    public long cap(long totalInFlight, long weight, long eligibleWeight) {
        long share = thousandths * totalInFlight * weight;
        long whole = UNIT * eligibleWeight;
        return Math.max(1, (share + whole - 1) / whole);
    }

    /** The same where a server warms up: weights at their shares, which are fractions. */
    public long cap(long totalInFlight, double weight, double eligibleWeight) {
        return Math.max(1, (long) Math.ceil(thousandths * totalInFlight * weight / (UNIT * eligibleWeight)));
    }

    /** Everyone was full, filled by calls beside this one: a server takes more than its cap. */
    public void force() {
        forced.increment();
    }

    /** How often that happened. */
    public long forced() {
        return forced.sum();
    }
}
