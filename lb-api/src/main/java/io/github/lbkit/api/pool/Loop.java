package io.github.lbkit.api.pool;

import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.Subscription;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The one thread of a supervised pool: whatever touches its state is a step of this loop, and after every step the
 * loop settles what is against what should be. Thread-safe.
 */
final class Loop {
    private final Scheduler scheduler;
    private final Runnable settle;

    /** Written by the last step, read before each. */
    private volatile boolean ended;

    Loop(Scheduler scheduler, Runnable settle) {
        this.scheduler = scheduler;
        this.settle = settle;
    }

    long nanoTime() {
        return scheduler.nanoTime();
    }

    long epochMillis() {
        return scheduler.now().toEpochMilli();
    }

    /** Runs a step soon; from anywhere. */
    void run(Runnable step) {
        scheduler.execute(() -> take(step));
    }

    /** Runs a step this long from now. */
    Subscription later(Duration delay, Runnable step) {
        return scheduler.schedule(delay, () -> take(step));
    }

    /** Calls out; what comes of it is a step, be it a value or the reason why there is none. */
    <T> void call(Supplier<CompletionStage<T>> outside, Consumer<T> done, Consumer<String> failed) {
        CompletionStage<T> stage;
        try {
            stage = outside.get();
        } catch (RuntimeException e) {
            run(() -> failed.accept(reason(e)));
            return;
        }
        var unused = stage.whenComplete((value, e) -> run(() -> {
            if (e == null) {
                done.accept(value);
            } else {
                failed.accept(reason(e));
            }
        }));
    }

    /** No step runs any more. */
    void end() {
        ended = true;
    }

    /** Ends the thread. */
    void close() {
        ended = true;
        scheduler.close();
    }

    boolean ended() {
        return ended;
    }

    private void take(Runnable step) {
        if (ended) {
            return;
        }
        try {
            step.run();
        } finally {
            settle.run();
        }
    }

    private static String reason(Throwable e) {
        Throwable cause = e;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getName() : cause.getMessage();
    }
}
