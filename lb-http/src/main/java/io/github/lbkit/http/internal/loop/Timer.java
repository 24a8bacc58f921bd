package io.github.lbkit.http.internal.loop;

import org.jspecify.annotations.Nullable;

/**
 * A reusable timer with one deadline. Moving the deadline further away costs one field write. Confined to its loop.
 */
public final class Timer {
    final Runnable action;
    long deadline;
    boolean running;

    /** The tick of the slot that holds the timer. Not later than the tick of the deadline. */
    long tick;

    @Nullable
    Timer before;

    @Nullable
    Timer after;

    /** Creates a timer that runs the action on the loop when the deadline has passed. */
    public Timer(Runnable action) {
        this.action = action;
    }

    /** Returns whether a deadline is set. */
    public boolean isRunning() {
        return running;
    }
}
