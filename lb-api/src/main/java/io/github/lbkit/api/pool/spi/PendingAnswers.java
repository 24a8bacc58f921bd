package io.github.lbkit.api.pool.spi;

import io.github.lbkit.api.internal.ThrownText;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * What a pool owes to those who ask it for changes: each is answered once, and those that nobody else will answer are
 * refused when the pool is closed. For whoever writes a pool. Thread-safe.
 */
public final class PendingAnswers {
    private final Supplier<? extends RuntimeException> refusal;
    private final Map<Long, CompletableFuture<?>> waiting = new ConcurrentHashMap<>();
    private final AtomicLong asked = new AtomicLong();

    /** Written by whoever closes the pool, read by whoever asks. */
    private volatile boolean closed;

    /**
     * Nobody waits yet.
     *
     * @param refusal what those are told who wait when the pool is closed, or ask later
     */
    public PendingAnswers(Supplier<? extends RuntimeException> refusal) {
        this.refusal = refusal;
    }

    /** One more answer that somebody waits for; it is refused already if the pool is closed. */
    public <T> CompletableFuture<T> awaited() {
        CompletableFuture<T> answer = new CompletableFuture<>();
        long number = asked.incrementAndGet();
        waiting.put(number, answer);
        var unused = answer.whenComplete((value, e) -> waiting.remove(number));
        if (closed) {
            answer.completeExceptionally(refusal());
        }
        return answer;
    }

    private Throwable refusal() {
        try {
            return Objects.requireNonNullElseGet(refusal.get(), () -> new IllegalStateException("the pool is closed"));
        } catch (Throwable e) { // code of others; what it throws is as good a refusal
            return ThrownText.printable(e);
        }
    }

    /** PendingAnswers as this stage does; a failure without what stages wrap around it. */
    public static <T> void relay(CompletionStage<T> stage, CompletableFuture<T> answer) {
        var unused = stage.whenComplete((value, e) -> {
            if (e == null) {
                answer.complete(value);
            } else {
                answer.completeExceptionally(
                        e instanceof CompletionException && e.getCause() != null ? e.getCause() : e);
            }
        });
    }

    /** Refuses those who wait, and those who come. Again: nothing happens. */
    public void close() {
        closed = true;
        waiting.values().forEach(answer -> answer.completeExceptionally(refusal()));
    }
}
