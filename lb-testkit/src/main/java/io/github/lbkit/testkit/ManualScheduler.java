package io.github.lbkit.testkit;

import io.github.lbkit.api.Runtimes;
import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * A scheduler whose time stands still until {@link #advance} moves it, and whose tasks run inside the calls of the
 * test. Tasks due at one time run in the order in which they were scheduled. Thread-safe; tasks run on the thread that
 * advances, without any lock held.
 *
 * <p>A task that throws is not swallowed: {@link #advance} throws it.
 */
public final class ManualScheduler implements Scheduler {
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::due).thenComparingLong(Task::number));
    private final Instant origin;
    private long nanos;
    private long numbers;
    private boolean closed;

    private record Task(long due, long number, Runnable work) {}

    /** A scheduler whose wall clock begins at the start of the year 2026, UTC. */
    public ManualScheduler() {
        this(Instant.parse("2026-01-01T00:00:00Z"));
    }

    /** A scheduler whose wall clock begins here. */
    public ManualScheduler(Instant origin) {
        this.origin = origin;
    }

    /** The same scheduler for every name: all parts share this time and run one task at a time. */
    public Runtimes asRuntimes() {
        return name -> new Unclosable(this);
    }

    /** Runs what is due now, and what that makes due now. */
    public void runDue() {
        advance(Duration.ZERO);
    }

    /** Moves time forward, task by task, to this long from now. */
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

    /** Moves time to the next task and runs it and what is due with it; false if there is none. */
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

    /** How many tasks wait. */
    public synchronized int waiting() {
        return tasks.size();
    }

    private synchronized @org.jspecify.annotations.Nullable Task takeDue(long end) {
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

    /** One part's share: closing it leaves the others running, but its own tasks run no more. */
    private static final class Unclosable implements Scheduler {
        private final ManualScheduler shared;
        private volatile boolean closed;

        Unclosable(ManualScheduler shared) {
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
