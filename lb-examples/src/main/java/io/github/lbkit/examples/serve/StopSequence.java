package io.github.lbkit.examples.serve;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stop of a balancer. During the delay the balancer still serves but is no longer ready. Then everything that was
 * opened is closed in the opposite order; the views of the operators are closed last. Runs once. Thread-safe.
 */
final class StopSequence {
    private static final Logger LOG = LoggerFactory.getLogger(StopSequence.class);

    /** The closers in their order of execution; guarded by this object's monitor. */
    private final Deque<Runnable> closers = new ArrayDeque<>();

    /** The closers that run after {@link #closers}; guarded by this object's monitor. */
    private final Deque<Runnable> lastClosers = new ArrayDeque<>();

    private final CountDownLatch delayed = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    /** True after the begin of the stop. Written by the thread that stops, read by the endpoints. */
    private volatile boolean begun;

    /** Adds a closer that runs before all closers that this method added earlier. */
    synchronized void add(Runnable closer) {
        closers.push(closer);
    }

    /** Adds a closer that runs after all closers of {@link #add}, and before those that this method added earlier. */
    synchronized void addLast(Runnable closer) {
        lastClosers.push(closer);
    }

    /** Begins the stop; returns whether this call was the first. */
    synchronized boolean begin() {
        boolean first = !begun;
        begun = true;
        return first;
    }

    /** Returns whether the stop has begun. */
    boolean hasBegun() {
        return begun;
    }

    /** Waits for this time, or until {@link #skipDelay} is called. */
    void delay(Duration time) {
        try {
            if (delayed.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.debug("the delay of the stop was skipped");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the delay at once. */
    void skipDelay() {
        delayed.countDown();
    }

    /** Runs all closers. A second caller waits for the first one and runs nothing. */
    synchronized void run() {
        close(closers);
        close(lastClosers);
        ended.countDown();
    }

    private static void close(Deque<Runnable> closers) {
        while (!closers.isEmpty()) {
            try {
                closers.pop().run();
            } catch (RuntimeException e) {
                LOG.error("a part of the balancer failed to stop", e);
            }
        }
    }

    /** Waits until everything is closed. */
    void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /** Waits until everything is closed, even if the thread is interrupted. */
    void awaitEndUninterruptibly() {
        boolean interrupted = false;
        while (ended.getCount() > 0) {
            try {
                ended.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits up to this time until everything is closed; returns whether it is closed. */
    boolean awaitEnd(Duration within) throws InterruptedException {
        return ended.await(within.toNanos(), TimeUnit.NANOSECONDS);
    }
}
