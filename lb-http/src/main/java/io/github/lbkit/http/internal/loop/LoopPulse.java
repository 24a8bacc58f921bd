package io.github.lbkit.http.internal.loop;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A check whether an event loop still turns: it gives the loop an empty task and waits for the task to run. A loop that does not
 * turn holds at most one such task, however often it is asked. Thread-safe.
 */
public final class LoopPulse {
    private final EventLoop loop;

    /** Completes when the loop has run the task that was given last; guarded by this object's monitor. */
    private @Nullable CompletableFuture<Void> turned;

    /** A check of this loop. */
    public LoopPulse(EventLoop loop) {
        this.loop = loop;
    }

    /** Returns the name of the loop's thread. */
    public String name() {
        return loop.name();
    }

    /** Gives the loop a task, unless it has not run the last one yet. */
    public synchronized void ask() {
        if (turned == null || turned.isDone()) {
            CompletableFuture<Void> next = new CompletableFuture<>();
            loop.execute(() -> next.complete(null));
            turned = next;
        }
    }

    /**
     * Waits for the task of {@link #ask}. Must not be called on the loop.
     *
     * @param nanos the maximum time to wait
     * @return why the loop does not turn; empty if it does, or was stopped
     */
    public Optional<String> await(long nanos) throws InterruptedException {
        Optional<String> ended = ended();
        if (ended.isPresent() || loop.isStopped()) {
            return ended;
        }
        try {
            current().get(Math.max(1, nanos), TimeUnit.NANOSECONDS);
            return Optional.empty();
        } catch (TimeoutException e) {
            return loop.isStopped() ? ended() : Optional.of(stuck());
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized CompletableFuture<Void> current() {
        if (turned == null) {
            throw new IllegalStateException("the loop was not asked");
        }
        return turned;
    }

    private Optional<String> ended() {
        return loop.failure().map(cause -> "has ended: " + cause);
    }

    private String stuck() {
        return "does not turn" + loop.position().map(at -> "; it is at " + at).orElse("");
    }
}
