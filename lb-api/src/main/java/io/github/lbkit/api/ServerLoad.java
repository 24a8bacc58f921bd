package io.github.lbkit.api;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What is in flight to one (id, generation), how fast it answers, and what decides whether it may be picked besides its
 * state. Thread-safe, no lock. An attempt's end and its success are one atomic operation.
 *
 * <p>The state: in flight, {@link #CLOSED}, and above both the successes so far, modulo 2^32.
 */
final class ServerLoad extends LoadCells {
    private static final long CLOSED = 1L << 31;
    private static final long IN_FLIGHT = CLOSED - 1;
    private static final int SUCCESSES = 32;
    private static final int LATENCY_SHARE = 8; // a new sample counts 1/8

    /** Completes whenever the load is closed and nothing is in flight. */
    private volatile CompletableFuture<Void> idle = new CompletableFuture<>();

    /** Whether the loss of this instance was told; reset when it serves again. */
    private final AtomicBoolean lossTold = new AtomicBoolean();

    /** Nothing: so far is what attempts write of one server from what they look at of the next. */
    long apart0;

    long apart1;
    long apart2;
    long apart3;
    long apart4;
    long apart5;
    long apart6;

    ServerLoad(@Nullable TrafficWindow window, long nowNanos, Protection.@Nullable Joined joined, boolean unhealthy) {
        super(window, nowNanos);
        this.joined = joined;
        this.unhealthy = unhealthy;
    }

    /** Whether attempts may begin. */
    boolean isOpen() {
        return (state() & CLOSED) == 0;
    }

    /** Takes one attempt in, unless closed or already at the limit. */
    Admission tryAcquire(long limit) {
        if (limit == Long.MAX_VALUE) {
            if ((addToState(1) & CLOSED) == 0) {
                return Admission.ADMITTED;
            }
            release();
            return Admission.CLOSED;
        }
        for (; ; ) {
            long state = state();
            if ((state & CLOSED) != 0) {
                return Admission.CLOSED;
            }
            if ((state & IN_FLIGHT) >= limit) {
                return Admission.FULL;
            }
            if (changeState(state, state + 1)) {
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
        long before = addToState(change);
        if ((before & (CLOSED | IN_FLIGHT)) == CLOSED + 1) {
            idle.complete(null);
        }
        return (int) (before >>> SUCCESSES);
    }

    /** Whether traffic says that it is out, or on trial. */
    boolean isOut() {
        return out() != TrafficHealth.HEALTHY;
    }

    /** Whether {@link TrafficHealth#succeeded} in this part of the window has nothing to do, unless it ends a trial. */
    boolean isCalm(long part) {
        return newest() >= part && inARow() == 0;
    }

    /** How many attempts went well so far, modulo 2^32. */
    int successes() {
        return (int) (state() >>> SUCCESSES);
    }

    /** No attempt begins from now on. */
    void close() {
        long before = setInState(CLOSED);
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
        if ((clearInState(CLOSED) & CLOSED) != 0) {
            idle = new CompletableFuture<>();
        }
    }

    /** Completes when closed and nothing is in flight; a new one after {@link #open}. */
    CompletableFuture<Void> idle() {
        return idle;
    }

    int inFlight() {
        return (int) (recentState() & IN_FLIGHT);
    }

    void measured(long nanos) {
        long before = latencyNanos();
        long sample = Math.max(1, nanos);
        long after = before == 0 ? sample : before + (sample - before) / LATENCY_SHARE;
        latencyNanos(after);
    }
}
