package io.github.lbkit.api.internal.search;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much all servers of a pool together may have in flight. Thread-safe: one shared counter, no lock; there is none
 * unless it was asked for.
 */
public final class InFlightCap {
    private final long most;

    /** Attempts in flight and calls that look for a server; every thread writes by atomic operations. */
    private final AtomicLong inFlight = new AtomicLong();

    public InFlightCap(int most) {
        this.most = most;
    }

    /** Counts one in, unless the cap is reached; never counts beyond it, not even for a moment. */
    public boolean tryEnter() {
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

    /** Counts one out. */
    public void leave() {
        inFlight.decrementAndGet();
    }

    public boolean isReached() {
        return inFlight.get() >= most;
    }
}
