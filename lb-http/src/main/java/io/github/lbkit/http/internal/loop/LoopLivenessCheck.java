package io.github.lbkit.http.internal.loop;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A check that an event loop still runs tasks: the check submits an empty task and waits for its completion. A blocked
 * loop holds one such task, however often the check is repeated. Thread-safe.
 */
public final class LoopLivenessCheck {
    private final EventLoop loop;

    /** The completion of the task submitted last. Guarded by this object's monitor. */
    private @Nullable CompletableFuture<Void> completion;

    /** Creates a check of this loop. */
    public LoopLivenessCheck(EventLoop loop) {
        this.loop = loop;
    }

    /** Returns the name of the loop's thread. */
    public String name() {
        return loop.name();
    }

    /** Submits a task to the loop, unless an earlier one has not run yet. */
    public synchronized void begin() {
        if (completion == null || completion.isDone()) {
            CompletableFuture<Void> next = new CompletableFuture<>();
            loop.execute(() -> next.complete(null));
            completion = next;
        }
    }

    /**
     * Waits for the task of {@link #begin}. Must not be called on the loop.
     *
     * @param nanos the maximum time to wait, in nanoseconds
     * @return the reason why the loop runs no tasks; empty if the loop runs tasks or was stopped
     */
    public Optional<String> await(long nanos) throws InterruptedException {
        Optional<String> failure = failure();
        if (failure.isPresent() || loop.isStopped()) {
            return failure;
        }
        try {
            completion().get(Math.max(1, nanos), TimeUnit.NANOSECONDS);
            return Optional.empty();
        } catch (TimeoutException e) {
            return loop.isStopped() ? failure() : Optional.of(blocked());
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized CompletableFuture<Void> completion() {
        if (completion == null) {
            throw new IllegalStateException("begin() was not called");
        }
        return completion;
    }

    private Optional<String> failure() {
        return loop.failure().map(cause -> "has ended: " + cause);
    }

    private String blocked() {
        return "does not turn" + loop.position().map(at -> "; it is at " + at).orElse("");
    }
}
