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
 * Waits for what a test expects, up to a deadline; in between it lets time pass, by waiting a millisecond or by moving a
 * scheduler that is moved by hand. Immutable.
 */
public final class Await {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Runnable passTime;
    private final long patienceNanos;

    private Await(Runnable passTime, long patienceNanos) {
        this.passTime = passTime;
        this.patienceNanos = patienceNanos;
    }

    /** Waits in real time, up to 20 seconds. */
    public static Await inRealTime() {
        return new Await(() -> LockSupport.parkNanos(PAUSE_NANOS), TimeUnit.SECONDS.toNanos(20));
    }

    /** Waits by moving this scheduler in steps of at most 10 ms, up to 20 seconds of real time. */
    public static Await moving(ManualScheduler scheduler) {
        return new Await(() -> scheduler.advance(Duration.ofMillis(10)), TimeUnit.SECONDS.toNanos(20));
    }

    /** Waits until this holds, and fails with these words if it does not in time. */
    public void until(String what, BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begin > patienceNanos) {
                throw new AssertionError("not within " + Duration.ofNanos(patienceNanos) + ": " + what);
            }
            passTime.run();
        }
    }

    /** What the stage completes with; its exception, if it is unchecked, is thrown as it is. */
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
            throw new AssertionError("a stage that was done is not", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Runs something that may block on the time that passes here; on a thread of its own. */
    public void blocking(Runnable task) {
        Thread thread = new Thread(task, "await-blocking");
        thread.setDaemon(true);
        thread.start();
        until("the blocking call returns", () -> !thread.isAlive());
    }
}
