package io.github.lbkit.api;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What is in flight to one (id, generation), how fast it answers, and what decides whether it may be picked besides its
 * state. Thread-safe, no lock.
 *
 * <p>What attempts write stands side by side in the middle of an array of its own: an attempt that goes well writes to one
 * cache line or two, and two servers never share one. An attempt's end and its success are one atomic operation.
 */
final class ServerLoad {
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int PADDING = 8;

    /** In flight, {@link #CLOSED}, and above both the successes so far, modulo 2^32; written by atomic operations. */
    private static final int STATE = PADDING;

    /** Nanoseconds; attempts write, a lost update does no harm. */
    private static final int LATENCY = PADDING + 1;

    /** Cells of {@link TrafficHealth}, which says what they mean and writes them. */
    private static final int TRAFFIC = PADDING + 2;

    private static final long CLOSED = 1L << 31;
    private static final long IN_FLIGHT = CLOSED - 1;
    private static final int SUCCESSES = 32;
    private static final int LATENCY_SHARE = 8; // a new sample counts 1/8

    /** What its traffic showed; null if nobody is ejected. */
    final @Nullable TrafficHealth traffic;

    /** Null once it is warm; whoever sees that writes it, every pick reads it. */
    volatile Protection.@Nullable Joined joined;

    /** Whether probes say that it cannot serve; written by the scheduler's thread, read by every pick. */
    volatile boolean unhealthy;

    private final long[] cells = new long[TRAFFIC + TrafficHealth.CELLS + PADDING];

    /** Completes whenever the load is closed and nothing is in flight. */
    private volatile CompletableFuture<Void> idle = new CompletableFuture<>();

    /** Whether the loss of this instance was told; reset when it serves again. */
    private final AtomicBoolean lossTold = new AtomicBoolean();

    ServerLoad(@Nullable TrafficWindow window, long nowNanos, Protection.@Nullable Joined joined, boolean unhealthy) {
        this.traffic = window == null ? null : new TrafficHealth(window, nowNanos, cells, TRAFFIC);
        this.joined = joined;
        this.unhealthy = unhealthy;
    }

    /** Whether attempts may begin. */
    boolean isOpen() {
        return ((long) CELL.getVolatile(cells, STATE) & CLOSED) == 0;
    }

    /** Takes one attempt in, unless closed or already at the limit. */
    Admission tryAcquire(long limit) {
        if (limit == Long.MAX_VALUE) {
            if (((long) CELL.getAndAdd(cells, STATE, 1L) & CLOSED) == 0) {
                return Admission.ADMITTED;
            }
            release();
            return Admission.CLOSED;
        }
        for (; ; ) {
            long state = (long) CELL.getVolatile(cells, STATE);
            if ((state & CLOSED) != 0) {
                return Admission.CLOSED;
            }
            if ((state & IN_FLIGHT) >= limit) {
                return Admission.FULL;
            }
            if (CELL.compareAndSet(cells, STATE, state, state + 1)) {
                return Admission.ADMITTED;
            }
        }
    }

    /** What {@link #tryAcquire} decided. */
    enum Admission {
        ADMITTED(null),
        CLOSED(SkipReason.NOT_READY),
        FULL(SkipReason.AT_CAPACITY);

        private final @Nullable SkipReason skip;

        Admission(@Nullable SkipReason skip) {
            this.skip = skip;
        }

        /** Why the candidate is passed by; null if it was admitted. */
        @Nullable
        SkipReason skipReason() {
            return skip;
        }
    }

    /** Ends one attempt that says nothing good. */
    void release() {
        end(-1);
    }

    /** Ends one attempt that went well; returns how many had before, modulo 2^32. */
    int releaseWell() {
        return end((1L << SUCCESSES) - 1);
    }

    private int end(long change) {
        long before = (long) CELL.getAndAdd(cells, STATE, change);
        if ((before & (CLOSED | IN_FLIGHT)) == CLOSED + 1) {
            idle.complete(null);
        }
        return (int) (before >>> SUCCESSES);
    }

    /** Whether traffic says that it is out, or on trial. */
    boolean isOut() {
        return TrafficHealth.isOut(cells, TRAFFIC);
    }

    /** Whether a success in this part of the window changes nothing but its number. */
    boolean isCalm(long part) {
        return TrafficHealth.isCalm(cells, TRAFFIC, part);
    }

    /** How many attempts went well so far, modulo 2^32. */
    int successes() {
        return (int) ((long) CELL.getVolatile(cells, STATE) >>> SUCCESSES);
    }

    /** No attempt begins from now on. */
    void close() {
        long before = (long) CELL.getAndBitwiseOr(cells, STATE, CLOSED);
        if ((before & IN_FLIGHT) == 0) {
            idle.complete(null);
        }
    }

    /** Whether the caller is the first to tell that this instance is lost, since it served last. */
    boolean tellLossOnce() {
        return lossTold.compareAndSet(false, true);
    }

    /** Attempts may begin again. */
    void open() {
        lossTold.set(false);
        if (((long) CELL.getAndBitwiseAnd(cells, STATE, ~CLOSED) & CLOSED) != 0) {
            idle = new CompletableFuture<>();
        }
    }

    /** Completes when closed and nothing is in flight; a new one after {@link #open}. */
    CompletableFuture<Void> idle() {
        return idle;
    }

    int inFlight() {
        return (int) ((long) CELL.getOpaque(cells, STATE) & IN_FLIGHT);
    }

    long latencyNanos() {
        return (long) CELL.getOpaque(cells, LATENCY);
    }

    void measured(long nanos) {
        long before = latencyNanos();
        long sample = Math.max(1, nanos);
        long after = before == 0 ? sample : before + (sample - before) / LATENCY_SHARE;
        CELL.setOpaque(cells, LATENCY, after);
    }
}
