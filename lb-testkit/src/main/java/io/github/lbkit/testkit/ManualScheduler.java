package io.github.lbkit.testkit;

import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.api.runtime.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * A scheduler whose time moves in {@link #advance} alone. Due tasks run on the thread that advances, without a lock
 * held; tasks that are due at the same time run in the order of scheduling. Thread-safe.
 *
 * <p>{@link #advance} throws the exception of a task that fails.
 */
public final class ManualScheduler implements Scheduler {
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::due).thenComparingLong(Task::number));
    private final Instant origin;
    private long nanos;
    private long numbers;
    private boolean closed;

    private record Task(long due, long number, Runnable work) {}

    /** Creates a scheduler whose wall clock starts at 2026-01-01T00:00:00Z. */
    public ManualScheduler() {
        this(Instant.parse("2026-01-01T00:00:00Z"));
    }

    /** Creates a scheduler whose wall clock starts at this instant. */
    public ManualScheduler(Instant origin) {
        this.origin = origin;
    }

    /** Returns runtimes whose schedulers all share the time of this one. */
    public Runtimes asRuntimes() {
        return name -> new View(this);
    }

    /** Runs the tasks that are due now, including those that they schedule for now. */
    public void runDue() {
        advance(Duration.ZERO);
    }

    /** Advances the time by this duration and runs each task when it is due. */
    public void advance(Duration by) {
        long end;
        synchronized (this) {
            end = nanos + by.toNanos();
        }
        for (Task task; (task = takeDue(end)) != null; ) {
            task.work().run();
        }
        synchronized (this) {
            nanos = Math.max(nanos, end);
        }
    }

    /** Advances the time to the next task and runs all tasks due then; returns false if no task is pending. */
    public boolean advanceToNext() {
        Duration until;
        synchronized (this) {
            Task next = tasks.peek();
            if (next == null) {
                return false;
            }
            until = Duration.ofNanos(Math.max(0, next.due() - nanos));
        }
        advance(until);
        return true;
    }

    /** The number of pending tasks. */
    public synchronized int pendingTasks() {
        return tasks.size();
    }

    private synchronized @Nullable Task takeDue(long end) {
        Task next = tasks.peek();
        if (next == null || next.due() > end) {
            return null;
        }
        nanos = Math.max(nanos, next.due());
        return tasks.remove();
    }

    @Override
    public synchronized long nanoTime() {
        return nanos;
    }

    @Override
    public synchronized Instant now() {
        return origin.plusNanos(nanos);
    }

    @Override
    public synchronized Subscription schedule(Duration delay, Runnable work) {
        if (closed) {
            return () -> {};
        }
        Task task = new Task(nanos + Math.max(0, delay.toNanos()), numbers++, work);
        tasks.add(task);
        return () -> cancel(task);
    }

    private synchronized void cancel(Task task) {
        tasks.remove(task);
    }

    @Override
    public synchronized void close() {
        closed = true;
        tasks.clear();
    }

    /** A view of a shared scheduler; closing the view stops its own tasks alone. */
    private static final class View implements Scheduler {
        private final ManualScheduler shared;
        private volatile boolean closed;

        View(ManualScheduler shared) {
            this.shared = shared;
        }

        @Override
        public long nanoTime() {
            return shared.nanoTime();
        }

        @Override
        public Instant now() {
            return shared.now();
        }

        @Override
        public Subscription schedule(Duration delay, Runnable task) {
            return closed
                    ? () -> {}
                    : shared.schedule(delay, () -> {
                        if (!closed) {
                            task.run();
                        }
                    });
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
