package io.github.lbkit.http.internal.h1;

import io.github.lbkit.http.internal.loop.Input;

/**
 * The end of a connection whose client may still send: input is read and dropped for some time, because closing at once
 * would reset the connection, and the client could lose the response (RFC 9112 9.6). Confined to its loop.
 *
 * <p>The time is divided into windows. A client that sends too few bytes in a window is not waited for any longer.
 */
final class Linger {
    private static final long WINDOW_NANOS = 2_000_000_000;
    private static final int MAX_WINDOWS = 15;
    private static final long MIN_BYTES_PER_WINDOW = 16 * 1024;

    private final long maxNanos;

    /** The bytes dropped in the current window. */
    private long dropped;

    private int windows;

    /** Creates a linger whose windows are at most this long, in nanoseconds. */
    Linger(long maxNanos) {
        this.maxNanos = maxNanos;
    }

    /** Begins a window. Returns its length in nanoseconds. */
    long beginWindow() {
        dropped = 0;
        return Math.min(WINDOW_NANOS, maxNanos);
    }

    /** Drops the input. */
    void drop(Input in) {
        dropped += in.size();
        in.clear();
    }

    /** Ends a window. Returns whether another window may begin. */
    boolean endWindow() {
        return ++windows < MAX_WINDOWS && dropped >= MIN_BYTES_PER_WINDOW;
    }
}
