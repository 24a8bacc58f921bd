package io.github.lbkit.api.internal.pool;

import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.internal.GuardedCalls;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The one thread of a supervised pool: whatever touches its state is a step of this loop, and after every step the
 * loop settles what is against what should be. Thread-safe.
 */
public final class EventLoop {
    private final Scheduler scheduler;
    private final GuardedCalls calls;
    private final Runnable settle;

    /** Written by the last step, read before each. */
    private volatile boolean ended;

    public EventLoop(Scheduler scheduler, GuardedCalls calls, Runnable settle) {
        this.scheduler = scheduler;
        this.calls = calls;
        this.settle = settle;
    }

    public long nanoTime() {
        return scheduler.nanoTime();
    }

    public long epochMillis() {
        return scheduler.now().toEpochMilli();
    }

    /** Runs a step soon; from anywhere. */
    public void run(Runnable step) {
        scheduler.execute(() -> take(step));
    }

    /** Runs a step this long from now. */
    public Subscription later(Duration delay, Runnable step) {
        return scheduler.schedule(delay, () -> take(step));
    }

    /**
     * Calls out; what comes of it is a step, be it a value or the reason why there is none.
     *
     * @param callee whose class the log names if it throws or returns null
     */
    public <T> void call(
            Object callee, String what, Supplier<CompletionStage<T>> call, Consumer<T> done, Consumer<String> failed) {
        answer(calls.stage(callee, what, call), done, failed);
    }

    /** Calls out for something that only ends. */
    public void ending(
            Object callee, String what, Supplier<CompletionStage<Void>> call, Runnable done, Consumer<String> failed) {
        answer(calls.ending(callee, what, call), ended -> done.run(), failed);
    }

    private <T> void answer(CompletableFuture<T> answer, Consumer<T> done, Consumer<String> failed) {
        var unused = answer.whenComplete((value, e) -> run(() -> {
            if (e == null) {
                done.accept(value);
            } else {
                failed.accept(GuardedCalls.reason(e));
            }
        }));
    }

    /** Makes a call that returns nothing and may fail. */
    public void tell(Object callee, String what, Runnable call) {
        calls.run(callee, what, call);
    }

    /** No step runs any more. */
    public void end() {
        ended = true;
    }

    /** Ends the thread. */
    public void close() {
        ended = true;
        scheduler.close();
    }

    public boolean ended() {
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
}
