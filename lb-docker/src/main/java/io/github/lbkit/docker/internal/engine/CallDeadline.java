package io.github.lbkit.docker.internal.engine;

import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.runtime.Scheduler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The deadline of a blocking call. When it expires, the calling thread is interrupted, which ends a read from a unix
 * socket, and the response is closed, which ends a read from a TCP socket. Thread-safe.
 */
final class CallDeadline implements AutoCloseable {
    private final Thread thread = Thread.currentThread();
    private final Subscription timer;
    private @Nullable Runnable closeResponse;
    private boolean expired;
    private boolean over;

    /** Starts the deadline of the current thread's call; {@link #close} ends it. */
    CallDeadline(Scheduler clock, Duration timeout) {
        timer = clock.schedule(timeout, this::expire);
    }

    /** Sets the action that closes the response; runs the action at once if the deadline has expired. */
    synchronized void onExpiry(Runnable closeTheResponse) {
        closeResponse = closeTheResponse;
        if (expired) {
            closeTheResponse.run();
        }
    }

    /** Returns true if the deadline has expired before the call ended. */
    synchronized boolean expired() {
        return expired;
    }

    private synchronized void expire() {
        if (!over) {
            expired = true;
            thread.interrupt();
            if (closeResponse != null) {
                closeResponse.run();
            }
        }
    }

    /** Ends the deadline and clears the interrupt that it has set. */
    @Override
    public synchronized void close() {
        over = true;
        timer.close();
        if (expired) {
            boolean unused = Thread.interrupted();
        }
    }
}
