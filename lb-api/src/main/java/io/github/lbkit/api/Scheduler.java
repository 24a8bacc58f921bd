package io.github.lbkit.api;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;

/**
 * Where time and a thread come from: runs tasks one at a time, in order of their due time and then of their
 * submission. Pools, probes and policies take the time from here alone, so that a test can hold it. Thread-safe. A
 * task that throws is logged and stops no other.
 */
public interface Scheduler extends Executor, AutoCloseable {
    /** The time in nanoseconds from an arbitrary origin; compare by difference. */
    long nanoTime();

    /** The wall clock's time, for people and for names that outlive the process. */
    Instant now();

    /** Runs the task once, this long from now. After {@link #close} nothing runs any more. */
    Subscription schedule(Duration delay, Runnable task);

    /** Runs the task soon. */
    @Override
    default void execute(Runnable task) {
        schedule(Duration.ZERO, task);
    }

    /** Drops what has not run, and ends the thread if this owns one. Again: nothing happens. */
    @Override
    void close();
}
