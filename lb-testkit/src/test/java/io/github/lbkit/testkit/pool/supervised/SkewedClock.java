package io.github.lbkit.testkit.pool.supervised;

import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.runtime.Scheduler;
import java.time.Duration;
import java.time.Instant;

/** A scheduler whose wall clock is wrong. */
record SkewedClock(Scheduler right, Duration error) implements Scheduler {
    @Override
    public long nanoTime() {
        return right.nanoTime();
    }

    @Override
    public Instant now() {
        return right.now().plus(error);
    }

    @Override
    public Subscription schedule(Duration delay, Runnable task) {
        return right.schedule(delay, task);
    }

    @Override
    public void close() {
        right.close();
    }
}
