package io.github.lbkit.api.pool.spi;

import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.internal.pool.EarliestTimer;
import io.github.lbkit.api.runtime.Scheduler;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A loop that polls a source: one poll at a time, again soon after a hint, otherwise at an interval. A hint during a
 * poll causes one more poll afterwards, since the running poll may have missed the change. The loop begins with the
 * first {@link #hint} or {@link #within}. Confined to the scheduler, except for {@link #hint} and {@link #close}.
 *
 * <p>For authors of pools that {@link PolledPool} does not fit:
 *
 * <pre>{@code
 * PollLoop<Snapshot> loop = new PollLoop<>(scheduler, (failures, hinted) -> interval, source);
 * loop.hint();
 * }</pre>
 *
 * @param <T> the result of a poll
 */
public final class PollLoop<T> implements AutoCloseable {
    private final Scheduler scheduler;
    private final Pauses pauses;
    private final Source<T> source;
    private final EarliestTimer next;
    private @Nullable Subscription deadline;
    private long started;
    private int failures;
    private boolean polling;

    /** True if the running poll may have missed a change. */
    private boolean hinted;

    /** True if the next poll follows a hint, so that hints before it need no further poll. */
    private boolean hintPending;

    /** Written by {@link #close}, read by the scheduler. */
    private volatile boolean closed;

    /** The pauses between the end of one poll and the beginning of the next. */
    @FunctionalInterface
    public interface Pauses {
        /**
         * Returns the pause before the next poll. Called on the scheduler.
         *
         * @param failures the number of polls in a row that have failed; 0 after a successful poll
         * @param hinted whether a hint arrived during the last poll
         */
        Duration after(int failures, boolean hinted);
    }

    /**
     * A source that is polled. Its methods are called on the scheduler.
     *
     * @param <T> the result of a poll
     */
    public interface Source<T> {
        /** Begins a poll. */
        CompletionStage<T> poll();

        /**
         * The maximum time to wait for the answer of a poll; empty by default, for a source that limits the time
         * itself. A later answer is ignored, and the poll has failed with a {@link TimeoutException}.
         */
        default Optional<Duration> timeout() {
            return Optional.empty();
        }

        /**
         * Handles the result of a poll. The poll has failed if this method throws. Polls are numbered from 1 in the
         * order in which they began.
         */
        void polled(T result, long number);

        /**
         * Handles the failure of a poll.
         *
         * @param failures the number of polls in a row that have failed, this one included
         */
        void failed(Throwable failure, int failures);
    }

    /** Creates a loop, which begins with the first {@link #hint} or {@link #within}. */
    public PollLoop(Scheduler scheduler, Pauses pauses, Source<T> source) {
        this.scheduler = scheduler;
        this.pauses = pauses;
        this.source = source;
        next = new EarliestTimer(scheduler, this::pollOrRepeat);
    }

    /** Requests a poll at once, since something may have changed. Thread-safe. */
    public void hint() {
        scheduler.execute(() -> {
            if (!hintPending) {
                pollOrRepeat();
            }
        });
    }

    /** Requests a poll within this delay, unless one is due earlier. */
    public void within(Duration delay) {
        if (!closed) {
            next.within(delay);
        }
    }

    /** The number of polls that have begun. A change that is known now is seen by polls with a greater number. */
    public long started() {
        return started;
    }

    /** Returns whether a poll is under way. */
    public boolean isPolling() {
        return polling;
    }

    private void pollOrRepeat() {
        if (polling) {
            hinted = true;
        } else if (!closed) {
            poll();
        }
    }

    private void poll() {
        polling = true;
        hinted = false;
        hintPending = false;
        next.stop();
        long number = ++started;
        deadline = source.timeout()
                .map(timeout -> scheduler.schedule(timeout, () -> failed(number, overdue(timeout))))
                .orElse(null);
        var unused = begun().whenComplete((result, e) -> scheduler.execute(() -> {
            if (e == null) {
                answered(number, result);
            } else {
                failed(number, e);
            }
        }));
    }

    private CompletionStage<T> begun() {
        try {
            return source.poll();
        } catch (Throwable e) { // code of others: the poll has failed
            return CompletableFuture.failedFuture(e);
        }
    }

    private static TimeoutException overdue(Duration timeout) {
        return new TimeoutException("no answer within " + timeout.toMillis() + " ms");
    }

    private void answered(long number, T result) {
        if (!end(number)) {
            return;
        }
        try {
            source.polled(result, number);
            failures = 0;
        } catch (Throwable e) { // code of others: the poll has failed
            source.failed(e, ++failures);
        } finally {
            scheduleNext();
        }
    }

    private void failed(long number, Throwable failure) {
        if (!end(number)) {
            return;
        }
        try {
            source.failed(failure, ++failures);
        } finally {
            scheduleNext();
        }
    }

    /** Ends the poll of this number; returns false if it has ended before, or the loop has. */
    private boolean end(long number) {
        if (closed || !polling || number != started) {
            return false;
        }
        polling = false;
        if (deadline != null) {
            deadline.close();
        }
        return true;
    }

    private void scheduleNext() {
        hintPending = hinted && failures == 0;
        within(pauses.after(failures, hinted));
    }

    /** Ends the loop; the result of a running poll is ignored. Thread-safe; a second call has no effect. */
    @Override
    public void close() {
        closed = true;
        scheduler.execute(() -> {
            next.stop();
            if (deadline != null) {
                deadline.close();
            }
        });
    }
}
