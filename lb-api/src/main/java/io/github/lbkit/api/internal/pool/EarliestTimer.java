package io.github.lbkit.api.internal.pool;

import io.github.lbkit.api.Subscription;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A timer that runs a step once, at the earliest of the requested times. Confined to the pool's loop. */
public final class EarliestTimer {
    private final EventLoop loop;
    private final Runnable step;
    private @Nullable Subscription next;
    private long nextDueNanos;

    /** Creates a timer that is not scheduled. */
    public EarliestTimer(EventLoop loop, Runnable step) {
        this.loop = loop;
        this.step = step;
    }

    /** Runs the step after this delay, unless an earlier run is scheduled. */
    public void within(Duration delay) {
        long due = loop.nanoTime() + delay.toNanos();
        if (next != null && nextDueNanos - due <= 0) {
            return;
        }
        stop();
        nextDueNanos = due;
        next = loop.later(delay, this::ring);
    }

    /** Cancels the scheduled run. */
    public void stop() {
        if (next != null) {
            next.close();
            next = null;
        }
    }

    private void ring() {
        next = null;
        step.run();
    }
}
