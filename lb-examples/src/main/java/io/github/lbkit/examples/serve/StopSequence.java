package io.github.lbkit.examples.serve;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a balancer: a delay, in which it still serves but is not ready any more, then everything that was opened is closed
 * in the opposite order; what operators look at is closed last. Runs once. Thread-safe.
 */
final class StopSequence {
    private static final Logger LOG = LoggerFactory.getLogger(StopSequence.class);

    /** Guarded by this object's monitor. */
    private final Deque<Runnable> closers = new ArrayDeque<>();

    /** Runs after {@link #closers}; guarded by this object's monitor. */
    private final Deque<Runnable> lastClosers = new ArrayDeque<>();

    private final CountDownLatch delayed = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    /** Written by the thread that stops, read by the endpoints. */
    private volatile boolean begun;

    /** Adds something to be closed before everything that was added earlier. */
    synchronized void add(Runnable closer) {
        closers.push(closer);
    }

    /** Adds something to be closed after everything that {@link #add} adds, but before what this method added earlier. */
    synchronized void addLast(Runnable closer) {
        lastClosers.push(closer);
    }

    /** Begins the stop; returns whether this call did. */
    synchronized boolean begin() {
        boolean first = !begun;
        begun = true;
        return first;
    }

    /** Returns whether the stop has begun. */
    boolean hasBegun() {
        return begun;
    }

    /** Waits for this long, or until {@link #skipDelay} is called. */
    void delay(Duration time) {
        try {
            if (delayed.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.debug("the delay of the stop was cut short");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the delay at once. */
    void skipDelay() {
        delayed.countDown();
    }

    /** Closes everything; a second caller waits for the first and has nothing left to close. */
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
                LOG.error("something did not stop as it should", e);
            }
        }
    }

    /** Waits until everything is closed. */
    void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /** Waits until everything is closed, also in a thread that is interrupted meanwhile. */
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

    /** Waits until everything is closed, at most this long; returns whether it is. */
    boolean awaitEnd(Duration within) throws InterruptedException {
        return ended.await(within.toNanos(), TimeUnit.NANOSECONDS);
    }
}
