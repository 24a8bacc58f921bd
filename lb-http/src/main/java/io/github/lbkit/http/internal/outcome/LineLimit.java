package io.github.lbkit.http.internal.outcome;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** The limit of one kind of log line: at most one line in a window of time. Thread-safe. */
final class LineLimit {
    private static final long NEVER = Long.MIN_VALUE;

    private final long windowNanos;

    /** The time of the last line, or {@link #NEVER}. Written by any loop, by compare-and-set. */
    private final AtomicLong last = new AtomicLong(NEVER);

    LineLimit(Duration window) {
        windowNanos = window.toNanos();
    }

    /** Returns whether a line may be written now. If so, the window begins. */
    boolean admits(long nowNanos) {
        long before = last.get();
        return (before == NEVER || nowNanos - before >= windowNanos) && last.compareAndSet(before, nowNanos);
    }
}
