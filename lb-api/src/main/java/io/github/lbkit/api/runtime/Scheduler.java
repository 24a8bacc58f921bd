package io.github.lbkit.api.runtime;

import io.github.lbkit.api.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;

/**
 * A source of time and of one thread: runs tasks one at a time, in order of their due time and then of their
 * submission. Pools, probes and policies use no other clock, so that a test can control time. Thread-safe. An exception
 * of a task is logged and stops no other task.
 */
public interface Scheduler extends Executor, AutoCloseable {
    /** Returns the time in nanoseconds from an arbitrary origin; compare times by difference. */
    long nanoTime();

    /** Returns the wall-clock time, for people and for names that outlive the process. */
    Instant now();

    /** Runs a task once after this delay. After {@link #close} no task runs. */
    Subscription schedule(Duration delay, Runnable task);

    /** Runs a task as soon as possible. */
    @Override
    default void execute(Runnable task) {
        schedule(Duration.ZERO, task);
    }

    /** Drops all tasks that have not run, and ends the thread if the scheduler owns one. A second call does nothing. */
    @Override
    void close();
}
