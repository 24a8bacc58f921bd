package io.github.lbkit.api.internal.pool;

import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.runtime.Scheduler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A timer that runs a step once, at the earliest of the requested times. Confined to the scheduler. */
public final class EarliestTimer {
    private final Scheduler scheduler;
    private final Runnable step;
    private @Nullable Subscription next;
    private long nextDueNanos;

    /** Creates a timer that is not scheduled. */
    public EarliestTimer(Scheduler scheduler, Runnable step) {
        this.scheduler = scheduler;
        this.step = step;
    }

    /** Runs the step after this delay, unless an earlier run is scheduled. */
    public void within(Duration delay) {
        long due = scheduler.nanoTime() + delay.toNanos();
        if (next != null && nextDueNanos - due <= 0) {
            return;
        }
        stop();
        nextDueNanos = due;
        next = scheduler.schedule(delay, this::ring);
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
