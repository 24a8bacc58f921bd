package io.github.lbkit.http.internal.tls;

import io.github.lbkit.api.runtime.Scheduler;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks watched files at an interval, and calls back when one of them has a new value. A change takes effect when two
 * checks, 250 ms apart, find the same contents. Closes its scheduler. Thread-safe.
 */
final class FileWatch implements AutoCloseable {
    /** The time for which changed files must stay the same. */
    static final Duration SETTLE = Duration.ofMillis(250);

    private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);

    private final Scheduler scheduler;
    private final Duration interval;
    private final List<? extends WatchedFiles<?>> watched;
    private final Runnable changed;
    private final Runnable checked;

    /**
     * Creates a watch, which {@link #start} starts.
     *
     * @param changed runs after a check with a new value, on the scheduler's thread
     * @param checked runs after every check, on the scheduler's thread
     */
    FileWatch(
            Scheduler scheduler,
            Duration interval,
            List<? extends WatchedFiles<?>> watched,
            Runnable changed,
            Runnable checked) {
        this.scheduler = scheduler;
        this.interval = interval;
        this.watched = List.copyOf(watched);
        this.changed = changed;
        this.checked = checked;
    }

    /** Starts the checks. */
    void start() {
        scheduler.schedule(interval, this::tick);
    }

    /** Checks now, and accepts a change at once. */
    void checkNow() {
        scheduler.execute(() -> check(false));
    }

    private void tick() {
        boolean isSettled = true;
        try {
            isSettled = check(true);
        } finally {
            scheduler.schedule(isSettled ? interval : SETTLE, this::tick);
        }
    }

    /** Returns false if files are still changing. */
    private boolean check(boolean settles) {
        boolean isSettled = true;
        boolean isNew = false;
        for (WatchedFiles<?> each : watched) {
            try {
                WatchedFiles.Outcome outcome = each.check(settles);
                isNew |= outcome == WatchedFiles.Outcome.NEW;
                isSettled &= outcome != WatchedFiles.Outcome.UNSETTLED;
            } catch (RuntimeException e) {
                LOG.warn("a check of TLS files failed; what was read before stays in use", e);
            }
        }
        if (isNew) {
            changed.run();
        }
        checked.run();
        return isSettled;
    }

    @Override
    public void close() {
        scheduler.close();
    }
}
