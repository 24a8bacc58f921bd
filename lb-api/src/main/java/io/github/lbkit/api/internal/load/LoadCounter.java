package io.github.lbkit.api.internal.load;

import io.github.lbkit.api.explain.SkipReason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The attempts in flight of one group of threads to one instance, with all data that a pick and a success read. Nearly
 * every attempt follows one reference and writes to one cache line, which no thread of another group touches. Where a
 * policy or a limit reads loads, each instance has one counter, whose counts are exact. {@link ServerLoad} has the
 * sums. Thread-safe, no lock. The end of an attempt and its success are one atomic operation.
 *
 * <p>Layout of the state, from the lowest bit: attempts in flight, {@link #SLOW_PATH}, {@link #CLOSED}, and from bit 32
 * the number of successes modulo 2^32.
 */
public final class LoadCounter extends CacheLinePadding {
    private static final VarHandle STATE = handle("state");
    private static final VarHandle CALM_UNTIL = handle("calmUntil");
    private static final VarHandle MEASURED = handle("measured");
    private static final VarHandle LATENCY = handle("latency");

    private static final int MAX_DEFAULT = 8;
    private static final long CLOSED = 1L << 31;

    /** Set while picks and ends must read more than this counter. */
    private static final long SLOW_PATH = 1L << 30;

    private static final long IN_FLIGHT = SLOW_PATH - 1;
    private static final int SUCCESSES = 32;
    private static final int LATENCY_SHARE = 8; // a new sample counts 1/8
    private static final int COUNT_BITS = 24;
    private static final int UNIT_BITS = 10;

    private final ServerLoad load;

    /** True if latencies are summed up, for ejection by latency. Otherwise only an average is kept. */
    private final boolean sumsLatencies;

    private volatile long state;

    /**
     * The time until which a success needs no more than the count, unless {@link #SLOW_PATH} is set. Written by threads
     * that end attempts.
     */
    private volatile long calmUntil;

    /**
     * The moving average in nanoseconds; 0 before the first measurement. A lost update of this field or the next does
     * no harm.
     */
    private volatile long latency;

    /** The sum of all latencies, in units of 1,024 ns, above {@link #COUNT_BITS}; the number of latencies below. */
    private volatile long measured;

    /** The time before which begun attempts do not count in the average. Written when an ejection ends. */
    private volatile long measuresFrom;

    /**
     * Creates an open counter.
     *
     * @param sumsLatencies whether latencies are summed up, for ejection by latency
     */
    public LoadCounter(ServerLoad load, boolean sumsLatencies, long nowNanos) {
        this.load = load;
        this.sumsLatencies = sumsLatencies;
        calmUntil = nowNanos;
        measuresFrom = nowNanos;
    }

    /** Returns the load that this counter belongs to. */
    public ServerLoad load() {
        return load;
    }

    private static VarHandle handle(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(LoadCounter.class, field, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * Returns the default number of counters where no exact load is needed: a power of two, at most {@value
     * #MAX_DEFAULT}.
     */
    public static int defaultCount() {
        int processors = Math.min(MAX_DEFAULT, Runtime.getRuntime().availableProcessors());
        return Integer.highestOneBit(2 * processors - 1);
    }

    /** Returns the index of the calling thread's counter. */
    public static int ofThread(int counters) {
        return (int) Thread.currentThread().getId() & (counters - 1);
    }

    /** Returns whether a pick must check no more than closed and full. */
    public boolean isFastPath() {
        return ((long) STATE.getOpaque(this) & SLOW_PATH) == 0;
    }

    /**
     * Admits one attempt, unless the counter is closed or at the limit. The limit is exact if the instance has one
     * counter.
     */
    public Admission tryAcquire(long limit) {
        if (limit == Long.MAX_VALUE) {
            if (((long) STATE.getAndAdd(this, 1L) & CLOSED) == 0) {
                return Admission.ADMITTED;
            }
            release();
            return Admission.CLOSED;
        }
        for (; ; ) {
            long before = state;
            if ((before & CLOSED) != 0) {
                return Admission.CLOSED;
            }
            if ((before & IN_FLIGHT) >= limit) {
                return Admission.FULL;
            }
            if (STATE.compareAndSet(this, before, before + 1)) {
                return Admission.ADMITTED;
            }
        }
    }

    /** Returns the result that {@link #tryAcquire} would have now; admits nothing. */
    public Admission wouldAdmit(long limit) {
        long now = state;
        if ((now & CLOSED) != 0) {
            return Admission.CLOSED;
        }
        return (now & IN_FLIGHT) >= limit ? Admission.FULL : Admission.ADMITTED;
    }

    /** The result of {@link #tryAcquire}. */
    public enum Admission {
        ADMITTED(null),
        CLOSED(SkipReason.NOT_READY),
        FULL(SkipReason.AT_CAPACITY);

        private final @Nullable SkipReason skip;

        Admission(@Nullable SkipReason skip) {
            this.skip = skip;
        }

        /** Returns why the candidate is skipped; null if it was admitted. */
        @Nullable
        public SkipReason skipReason() {
            return skip;
        }
    }

    /** Ends one attempt that did not succeed. */
    public void release() {
        end(-1);
    }

    /** Ends one successful attempt; returns whether {@link TrafficHealth} must be updated too. */
    public boolean releaseSuccessful(long nowNanos) {
        return (end((1L << SUCCESSES) - 1) & SLOW_PATH) != 0 || nowNanos - calmUntil >= 0;
    }

    private long end(long change) {
        long before = (long) STATE.getAndAdd(this, change);
        if ((before & (CLOSED | IN_FLIGHT)) == CLOSED + 1) {
            load.maybeIdle();
        }
        return before;
    }

    /** Sets the time until which a success needs no more than the count. */
    public void calmUntil(long nanos) {
        CALM_UNTIL.setOpaque(this, nanos);
    }

    /**
     * Records the latency of a response, in nanoseconds. Uses opaque writes, which are cheaper than volatile ones and
     * need no order.
     */
    public void responded(long nanos, long nowNanos) {
        if (nowNanos - nanos - measuresFrom < 0) {
            return;
        }
        long before = latency;
        long sample = Math.max(1, nanos);
        long after = before == 0 ? sample : before + (sample - before) / LATENCY_SHARE;
        LATENCY.setOpaque(this, after);
        if (sumsLatencies) {
            MEASURED.setOpaque(this, measured + ((sample >>> UNIT_BITS) << COUNT_BITS | 1));
        }
    }

    /** Drops all measurements; the next success updates the window. */
    public void forget(long nowNanos) {
        measuresFrom = nowNanos;
        latency = 0;
        calmUntil(nowNanos);
    }

    /** Returns the number of successful attempts so far, modulo 2^32. */
    public int successes() {
        return (int) (state >>> SUCCESSES);
    }

    /** Returns the number of attempts in flight at a recent moment, without earlier stays of the instance. */
    public int inFlight() {
        return (int) ((long) STATE.getOpaque(this) & IN_FLIGHT);
    }

    /** Returns the number of attempts in flight at a recent moment, with earlier stays of the instance. */
    public int inFlightOfAllStays() {
        long now = (long) STATE.getOpaque(this);
        return (int) (now & IN_FLIGHT) + ((now & SLOW_PATH) == 0 ? 0 : load.inFlightOfEarlierStays());
    }

    /** Returns the moving average of the latency in nanoseconds; 0 before the first measurement. */
    public long latencyNanos() {
        return latency;
    }

    /**
     * Returns the latencies so far, packed. {@link #count} and {@link #sumNanos} read the difference of two such values
     * or sums.
     */
    public long measured() {
        return measured;
    }

    /** Returns the number of latencies in the difference of two {@link #measured} values, modulo 2^24. */
    public static long count(long difference) {
        return difference & ((1L << COUNT_BITS) - 1);
    }

    /** Returns the sum of the latencies in the difference of two {@link #measured} values, in nanoseconds. */
    public static long sumNanos(long difference) {
        return (difference >>> COUNT_BITS) << UNIT_BITS;
    }

    /** Returns whether attempts may begin. */
    public boolean isOpen() {
        return (state & CLOSED) == 0;
    }

    /** Returns whether the counter is closed and no attempt is in flight. */
    public boolean isClosedAndIdle() {
        return (state & (CLOSED | IN_FLIGHT)) == CLOSED;
    }

    /** Refuses attempts from now on. */
    public void close() {
        set(CLOSED, true);
    }

    /** Admits attempts again; returns whether the counter was closed. */
    public boolean open() {
        return set(CLOSED, false);
    }

    /** Sets whether picks and ends must read more than this counter. */
    public void setSlowPath(boolean value) {
        set(SLOW_PATH, value);
    }

    /** Sets or clears a bit; returns whether the bit changed. */
    private boolean set(long bit, boolean value) {
        if (((state & bit) != 0) == value) {
            return false;
        }
        long before = value ? (long) STATE.getAndBitwiseOr(this, bit) : (long) STATE.getAndBitwiseAnd(this, ~bit);
        return ((before & bit) != 0) != value;
    }
}
