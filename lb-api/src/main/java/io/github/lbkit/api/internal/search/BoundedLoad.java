package io.github.lbkit.api.internal.search;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Consistent hashing with bounded loads: no server carries more than c times its share of the attempts in flight; a key
 * whose server is full goes to its next candidate. Thread-safe: one shared counter, no lock.
 *
 * <p>Source: Mirrokni, Thorup, Zadimoghaddam, "Consistent Hashing with Bounded Loads", arXiv:1608.01350.
 */
public final class BoundedLoad {
    /** The maximum load factor, which keeps the arithmetic within 64 bits. */
    static final double MAX_FACTOR = 100;

    private static final long UNIT = 1_000;

    private final long thousandths;

    /** The number of attempts in flight and of calls that search a server. */
    private final AtomicLong total = new AtomicLong();

    private final LongAdder forced = new LongAdder();

    /** Creates a bound with this load factor, 1 to 100. */
    public BoundedLoad(double factor) {
        if (!(factor >= 1 && factor <= MAX_FACTOR)) {
            throw new IllegalArgumentException("loadFactor " + factor + " is not 1 to " + (int) MAX_FACTOR);
        }
        thousandths = Math.round(factor * UNIT);
    }

    /** Adds one to the total; returns the new total. */
    long reserve() {
        return total.incrementAndGet();
    }

    /** Subtracts one from the total. */
    void release() {
        total.decrementAndGet();
    }

    /** Returns the number of attempts in flight and of calls that search a server. */
    long total() {
        return total.get();
    }

    /**
     * Returns the maximum number of attempts in flight of a server, including the attempt that asks: max(1, ⌈c · total
     * · weight / eligibleWeight⌉). The caps of all eligible servers sum to at least the total, so at least one server
     * has room.
     *
     * @param eligibleWeight the sum of the weights of all servers that may be picked, at least this server's weight
     */
    long cap(long totalInFlight, long weight, long eligibleWeight) {
        long share = thousandths * totalInFlight * weight;
        long whole = UNIT * eligibleWeight;
        return Math.max(1, (share + whole - 1) / whole);
    }

    /** Returns the cap for weights that a warm-up reduces to fractions. */
    long cap(long totalInFlight, double weight, double eligibleWeight) {
        return Math.max(1, (long) Math.ceil(thousandths * totalInFlight * weight / (UNIT * eligibleWeight)));
    }

    /** Counts an attempt beyond the cap of its server, because concurrent calls had filled all servers. */
    void force() {
        forced.increment();
    }

    /** Returns the number of attempts beyond the cap of their server. */
    public long forced() {
        return forced.sum();
    }
}
