package io.github.lbkit.api;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What is in flight to one (id, generation), and how fast it answers. Thread-safe, no lock.
 *
 * <p>The values stand in the middle of an array of their own, so that two servers never share a cache line.
 */
final class ServerLoad {
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int STATE = 8; // in flight, and CLOSED; every thread writes by atomic operations
    private static final int LATENCY = 9; // nanoseconds; whoever ends an attempt writes, a lost update does no harm
    private static final long CLOSED = 1L << 62;
    private static final int LATENCY_SHARE = 8; // a new sample counts 1/8

    /** What decides whether the instance may be picked, besides its state. */
    final Protection.InstanceHealth health;

    private final long[] cells = new long[18];

    /** Completes whenever the load is closed and nothing is in flight. */
    private volatile CompletableFuture<Void> idle = new CompletableFuture<>();

    /** Whether the loss of this instance was told; reset when it serves again. */
    private final AtomicBoolean lossTold = new AtomicBoolean();

    ServerLoad(Protection.InstanceHealth health) {
        this.health = health;
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
            if (state >= limit) {
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

    /** Ends one attempt. */
    void release() {
        long before = (long) CELL.getAndAdd(cells, STATE, -1L);
        if (before == CLOSED + 1) {
            idle.complete(null);
        }
    }

    /** No attempt begins from now on. */
    void close() {
        long before = (long) CELL.getAndBitwiseOr(cells, STATE, CLOSED);
        if ((before & ~CLOSED) == 0) {
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
        return (int) ((long) CELL.getOpaque(cells, STATE) & ~CLOSED);
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
