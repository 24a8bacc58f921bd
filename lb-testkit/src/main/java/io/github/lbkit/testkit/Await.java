package io.github.lbkit.testkit;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A wait for a condition or a stage, up to 20 seconds of real time. Between two checks it lets time pass: it parks for
 * 1 ms, or advances a {@link ManualScheduler}. Immutable.
 */
public final class Await {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Runnable passTime;
    private final long timeoutNanos;

    private Await(Runnable passTime, long timeoutNanos) {
        this.passTime = passTime;
        this.timeoutNanos = timeoutNanos;
    }

    /** Returns a wait in real time. */
    public static Await inRealTime() {
        return new Await(() -> LockSupport.parkNanos(PAUSE_NANOS), TimeUnit.SECONDS.toNanos(20));
    }

    /** Returns a wait that advances this scheduler in steps of 10 ms. */
    public static Await moving(ManualScheduler scheduler) {
        return new Await(() -> scheduler.advance(Duration.ofMillis(10)), TimeUnit.SECONDS.toNanos(20));
    }

    /**
     * Waits until a condition is true, and fails the test if it is not in time.
     *
     * @param description the expected event, for the failure message
     */
    public void until(String description, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > timeoutNanos) {
                throw new AssertionError("not within " + Duration.ofNanos(timeoutNanos) + ": " + description);
            }
            passTime.run();
        }
    }

    /**
     * Waits for a stage and returns its value. If the stage fails, throws its unchecked exception, or wraps a checked
     * one.
     */
    public <T> T value(CompletionStage<T> stage) {
        var future = stage.toCompletableFuture();
        until("the stage completes", future::isDone);
        try {
            return future.get(0, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new CompletionException(e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("a completed stage has no value", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Runs a task that may block on a thread of its own, and waits until it returns. */
    public void blocking(Runnable task) {
        Thread thread = new Thread(task, "await-blocking");
        thread.setDaemon(true);
        thread.start();
        until("the blocking call returns", () -> !thread.isAlive());
    }
}
