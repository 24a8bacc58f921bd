package io.github.lbkit.docker.internal.follow;

import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.runtime.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A loop that polls a source at an interval, one poll at a time, and soon after a hint. A hint during a poll causes one
 * more poll afterwards, since the running poll may have missed the change. Confined to the scheduler, except for {@link
 * #hint} and {@link #close}.
 *
 * @param <T> the result of a poll
 */
public final class PollLoop<T> implements AutoCloseable {
    /** The shortest pause between two polls, which limits the rate of polls while many events arrive. */
    private static final Duration MIN_PAUSE = Duration.ofMillis(20);

    private final Scheduler scheduler;
    private final Timing timing;
    private final Source<T> source;
    private boolean polling;
    private boolean again;
    private long started;
    private @Nullable Subscription next;

    /** Written by {@link #close}, read by the scheduler. */
    private volatile boolean closed;

    /**
     * The pauses between polls.
     *
     * @param interval the pause after a successful poll
     * @param retryInterval the pause after a failed poll
     */
    public record Timing(Duration interval, Duration retryInterval) {}

    /**
     * A source that is polled. Its methods are called on the scheduler.
     *
     * @param <T> the result of a poll
     */
    public interface Source<T> {
        /** Begins a poll. */
        CompletionStage<T> poll();

        /** Handles the result of a poll. Polls are numbered from 1 in the order in which they began. */
        void polled(T result, long number);

        /** Handles the failure of a poll. */
        void failed(Throwable failure);
    }

    /** Creates a loop, which begins with the first {@link #hint}. */
    public PollLoop(Scheduler scheduler, Timing timing, Source<T> source) {
        this.scheduler = scheduler;
        this.timing = timing;
        this.source = source;
    }

    /** Requests a poll soon, since something may have changed. Thread-safe. */
    public void hint() {
        scheduler.execute(() -> {
            if (polling) {
                again = true;
            } else {
                poll();
            }
        });
    }

    /** The number of polls that have begun. A change that is known now is seen by polls with a greater number. */
    public long started() {
        return started;
    }

    private void poll() {
        if (closed) {
            return;
        }
        polling = true;
        again = false;
        if (next != null) {
            next.close();
        }
        long number = ++started;
        var unused = source.poll()
                .whenComplete((result, e) -> scheduler.execute(() -> {
                    if (closed) {
                        return;
                    }
                    if (e == null) {
                        source.polled(result, number);
                    } else {
                        source.failed(e);
                    }
                    Duration pause = e == null ? timing.interval() : timing.retryInterval();
                    next = scheduler.schedule(again ? MIN_PAUSE : pause, this::poll);
                    polling = again;
                }));
    }

    /** Ends the loop; the result of a running poll is ignored. Thread-safe, idempotent. */
    @Override
    public void close() {
        closed = true;
    }
}
