package io.github.lbkit.api.internal.load;

import io.github.lbkit.api.SkipReason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What one counter of threads has in flight to one (id, generation), and all that a pick and a good end look at: nearly
 * every attempt follows one reference and writes to one cache line, which no thread of another counter touches. Where the
 * policy looks at loads, or a load is bounded, there is one counter, and its counts are exact; see {@link ServerLoad} for
 * the sums. Thread-safe, no lock. An attempt's end and its success are one atomic operation.
 *
 * <p>The state: in flight, {@link #LOOK}, {@link #CLOSED}, and above them the successes so far, modulo 2^32.
 */
public final class LoadCounter extends CacheLinePadding {
    private static final VarHandle STATE = handle("state");
    private static final VarHandle CALM_UNTIL = handle("calmUntil");
    private static final VarHandle MEASURED = handle("measured");
    private static final VarHandle LATENCY = handle("latency");

    private static final int MOST = 8;
    private static final long CLOSED = 1L << 31;

    /** Set while picks and ends must look at more than this. */
    private static final long LOOK = 1L << 30;

    private static final long IN_FLIGHT = LOOK - 1;
    private static final int SUCCESSES = 32;
    private static final int LATENCY_SHARE = 8; // a new sample counts 1/8
    private static final int COUNT_BITS = 24;
    private static final int UNIT_BITS = 10;

    private final ServerLoad load;

    /** Whether latencies are added up, for ejection by latency; an average alone is kept otherwise. */
    private final boolean addsUp;

    private volatile long state;

    /** Until when a success has nothing to tell, unless {@link #LOOK}. Written by those who end attempts; each may be first. */
    private volatile long calmUntil;

    /** The moving average; 0 while nothing was measured. A lost update does no harm, neither here nor of the next. */
    private volatile long latency;

    /** The latencies so far, added up: in units of 1,024 ns above {@link #COUNT_BITS}, below them how many. */
    private volatile long measured;

    /** Attempts that began before this time do not count in the average. Written when an instance comes back in. */
    private volatile long measuresFrom;

    public LoadCounter(ServerLoad load, boolean addsUp, long nowNanos) {
        this.load = load;
        this.addsUp = addsUp;
        calmUntil = nowNanos;
        measuresFrom = nowNanos;
    }

    /** Returns the load that this counter is a part of. */
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

    /** How many counters threads are dealt into where nobody asks for exact loads: a power of two. */
    public static int defaultCount() {
        int processors = Math.min(MOST, Runtime.getRuntime().availableProcessors());
        return Integer.highestOneBit(2 * processors - 1);
    }

    /** The number of the calling thread's counter, of so many. */
    public static int ofThread(int counters) {
        return (int) Thread.currentThread().getId() & (counters - 1);
    }

    /** Whether nothing but being closed or full keeps attempts from beginning. */
    public boolean isPlain() {
        return ((long) STATE.getOpaque(this) & LOOK) == 0;
    }

    /** Takes one attempt in, unless closed or already at the limit, which is exact if there is one counter. */
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

    /** Returns what {@link #tryAcquire} would decide now; takes nothing. */
    public Admission wouldAdmit(long limit) {
        long now = state;
        if ((now & CLOSED) != 0) {
            return Admission.CLOSED;
        }
        return (now & IN_FLIGHT) >= limit ? Admission.FULL : Admission.ADMITTED;
    }

    /** What {@link #tryAcquire} decided. */
    public enum Admission {
        ADMITTED(null),
        CLOSED(SkipReason.NOT_READY),
        FULL(SkipReason.AT_CAPACITY);

        private final @Nullable SkipReason skip;

        Admission(@Nullable SkipReason skip) {
            this.skip = skip;
        }

        /** Why the candidate is passed by; null if it was admitted. */
        @Nullable
        public SkipReason skipReason() {
            return skip;
        }
    }

    /** Ends one attempt that says nothing good. */
    public void release() {
        end(-1);
    }

    /** Ends one attempt that went well; returns whether there may be more to do for it than to count it. */
    public boolean releaseWell(long nowNanos) {
        return (end((1L << SUCCESSES) - 1) & LOOK) != 0 || nowNanos - calmUntil >= 0;
    }

    private long end(long change) {
        long before = (long) STATE.getAndAdd(this, change);
        if ((before & (CLOSED | IN_FLIGHT)) == CLOSED + 1) {
            load.maybeIdle();
        }
        return before;
    }

    /** Until this time a success has nothing to tell. */
    public void calmUntil(long nanos) {
        CALM_UNTIL.setOpaque(this, nanos);
    }

    /** The first byte of a response came after so long. Orders nothing, which a volatile write would pay for. */
    public void responded(long nanos, long nowNanos) {
        if (nowNanos - nanos - measuresFrom < 0) {
            return;
        }
        long before = latency;
        long sample = Math.max(1, nanos);
        long after = before == 0 ? sample : before + (sample - before) / LATENCY_SHARE;
        LATENCY.setOpaque(this, after);
        if (addsUp) {
            MEASURED.setOpaque(this, measured + ((sample >>> UNIT_BITS) << COUNT_BITS | 1));
        }
    }

    /** Drops what was measured and counted until now; the next good end looks at the window. */
    public void forget(long nowNanos) {
        measuresFrom = nowNanos;
        latency = 0;
        calmUntil(nowNanos);
    }

    /** How many attempts went well so far, modulo 2^32. */
    public int successes() {
        return (int) (state >>> SUCCESSES);
    }

    /** The attempts in flight at some recent moment, without those of the instance's earlier stays. */
    public int inFlight() {
        return (int) ((long) STATE.getOpaque(this) & IN_FLIGHT);
    }

    /** The attempts in flight at some recent moment, with those of the instance's earlier stays. */
    public int inFlightOfAllStays() {
        long now = (long) STATE.getOpaque(this);
        return (int) (now & IN_FLIGHT) + ((now & LOOK) == 0 ? 0 : load.inFlightOfEarlierStays());
    }

    public long latencyNanos() {
        return latency;
    }

    /** The latencies so far: of two such values or sums of them, the difference tells {@link #count} and {@link #sumNanos}. */
    public long measured() {
        return measured;
    }

    /** How many latencies the difference of two values of {@link #measured} has, modulo 2^24. */
    public static long count(long difference) {
        return difference & ((1L << COUNT_BITS) - 1);
    }

    /** The sum of the latencies that the difference has, in nanoseconds. */
    public static long sumNanos(long difference) {
        return (difference >>> COUNT_BITS) << UNIT_BITS;
    }

    public boolean isOpen() {
        return (state & CLOSED) == 0;
    }

    public boolean isClosedAndIdle() {
        return (state & (CLOSED | IN_FLIGHT)) == CLOSED;
    }

    public void close() {
        set(CLOSED, true);
    }

    /** Returns whether it was closed. */
    public boolean open() {
        return set(CLOSED, false);
    }

    /** Whether picks and ends must look at more than this. */
    public void look(boolean must) {
        set(LOOK, must);
    }

    /** Returns whether this changed it. */
    private boolean set(long bit, boolean value) {
        if (((state & bit) != 0) == value) {
            return false;
        }
        long before = value ? (long) STATE.getAndBitwiseOr(this, bit) : (long) STATE.getAndBitwiseAnd(this, ~bit);
        return ((before & bit) != 0) != value;
    }
}
