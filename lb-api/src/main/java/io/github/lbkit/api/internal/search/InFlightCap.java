package io.github.lbkit.api.internal.search;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The maximum number of attempts in flight to all servers of a pool together. Thread-safe: one shared counter, no lock.
 * Exists only if the cap was configured.
 */
public final class InFlightCap {
    private final long most;

    /**
     * The number of attempts in flight and of calls that search a server; written by atomic operations of every thread.
     */
    private final AtomicLong inFlight = new AtomicLong();

    /** Creates a cap of this number of attempts. */
    public InFlightCap(int most) {
        this.most = most;
    }

    /** Adds one attempt, unless the cap is reached. The count never exceeds the cap, not even briefly. */
    boolean tryEnter() {
        for (; ; ) {
            long now = inFlight.get();
            if (now >= most) {
                return false;
            }
            if (inFlight.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    /** Subtracts one attempt. */
    void leave() {
        inFlight.decrementAndGet();
    }

    /** Returns whether the cap is reached. */
    boolean isReached() {
        return inFlight.get() >= most;
    }
}
