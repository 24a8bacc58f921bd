package io.github.lbkit.docker.internal.engine;

import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.Subscription;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Ends a blocking call of the thread that made it when the call's time is over: by interrupt, which is all that a unix
 * socket listens to, and by closing the answer, which is what a TCP socket listens to. Thread-safe.
 */
final class CallDeadline implements AutoCloseable {
    private final Thread thread = Thread.currentThread();
    private final Subscription deadline;
    private @Nullable Runnable hangUp;
    private boolean expired;
    private boolean over;

    /** Guards what the current thread does until {@link #close}. */
    CallDeadline(Scheduler clock, Duration within) {
        deadline = clock.schedule(within, this::expire);
    }

    /** There is an answer under way now, and this ends it. */
    synchronized void answering(Runnable theHangUp) {
        hangUp = theHangUp;
        if (expired) {
            theHangUp.run();
        }
    }

    /** Whether the time was over before the call was. */
    synchronized boolean expired() {
        return expired;
    }

    private synchronized void expire() {
        if (!over) {
            expired = true;
            thread.interrupt();
            if (hangUp != null) {
                hangUp.run();
            }
        }
    }

    /** The call is over; an interrupt of this guard's is taken back. */
    @Override
    public synchronized void close() {
        over = true;
        deadline.close();
        if (expired) {
            boolean unused = Thread.interrupted();
        }
    }
}
