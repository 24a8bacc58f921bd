package io.github.lbkit.api.internal.pool;

import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.internal.GuardedCalls;
import io.github.lbkit.api.runtime.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The single thread of a supervised pool. Every access to the pool's state is a step of this loop. After each step,
 * the loop runs the reconciliation of desired and observed state. Thread-safe.
 */
public final class PoolLoop implements Scheduler {
    private final Scheduler scheduler;
    private final GuardedCalls calls;
    private final Runnable settle;

    /** Written by the last step, read before each step. */
    private volatile boolean ended;

    /** Creates a loop on this scheduler, which runs {@code settle} after each step. */
    public PoolLoop(Scheduler scheduler, GuardedCalls calls, Runnable settle) {
        this.scheduler = scheduler;
        this.calls = calls;
        this.settle = settle;
    }

    @Override
    public long nanoTime() {
        return scheduler.nanoTime();
    }

    @Override
    public Instant now() {
        return scheduler.now();
    }

    /** Runs a step soon. May be called on any thread. */
    @Override
    public void execute(Runnable step) {
        scheduler.execute(() -> take(step));
    }

    /** Runs a step after this delay. */
    @Override
    public Subscription schedule(Duration delay, Runnable step) {
        return scheduler.schedule(delay, () -> take(step));
    }

    /**
     * Calls code of others, and handles the result or the reason of a failure in a step.
     *
     * @param callee the object whose class the log names if the call throws or returns null
     */
    public <T> void call(
            Object callee, String what, Supplier<CompletionStage<T>> call, Consumer<T> done, Consumer<String> failed) {
        answer(calls.stage(callee, what, call), done, failed);
    }

    /** Calls code of others whose stage has no value, as {@code call} does. */
    public void ending(
            Object callee, String what, Supplier<CompletionStage<Void>> call, Runnable done, Consumer<String> failed) {
        answer(calls.ending(callee, what, call), ended -> done.run(), failed);
    }

    private <T> void answer(CompletableFuture<T> answer, Consumer<T> done, Consumer<String> failed) {
        var unused = answer.whenComplete((value, e) -> execute(() -> {
            if (e == null) {
                done.accept(value);
            } else {
                failed.accept(GuardedCalls.reason(e));
            }
        }));
    }

    /** Makes a call that returns nothing and may throw. */
    public void tell(Object callee, String what, Runnable call) {
        calls.run(callee, what, call);
    }

    /** Ends the loop: no further step runs. */
    public void end() {
        ended = true;
    }

    /** Ends the loop and its thread. */
    @Override
    public void close() {
        ended = true;
        scheduler.close();
    }

    /** Returns whether the loop has ended. */
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
