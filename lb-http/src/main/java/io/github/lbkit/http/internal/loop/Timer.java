package io.github.lbkit.http.internal.loop;

import org.jspecify.annotations.Nullable;

/**
 * One deadline of one connection, to be set again and again: moving it further away costs a field. Confined to its
 * loop.
 */
public final class Timer {
    final Runnable action;
    long deadline;
    boolean running;

    /** The tick whose slot it stands in; at or before the deadline's. */
    long tick;

    @Nullable
    Timer before;

    @Nullable
    Timer after;

    /** A timer that runs this on its loop when its deadline has come. */
    public Timer(Runnable action) {
        this.action = action;
    }

    /** Whether a deadline is set. */
    public boolean running() {
        return running;
    }
}
