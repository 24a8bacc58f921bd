package io.github.lbkit.api.pool.spi;

import io.github.lbkit.api.internal.GuardedCalls;
import io.github.lbkit.api.internal.ThrownText;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The answers that a pool still owes to callers of its changes. Each is completed once; answers that are pending when
 * the pool is closed are refused. For authors of pools. Thread-safe.
 */
public final class PendingAnswers {
    private final Supplier<? extends RuntimeException> refusal;
    private final Map<Long, CompletableFuture<?>> waiting = new ConcurrentHashMap<>();
    private final AtomicLong asked = new AtomicLong();

    /** Written by the thread that closes the pool, read by the threads that ask. */
    private volatile boolean closed;

    /**
     * Creates a set without pending answers.
     *
     * @param refusal the exception for answers that are pending when the pool is closed, and for later ones
     */
    public PendingAnswers(Supplier<? extends RuntimeException> refusal) {
        this.refusal = refusal;
    }

    /** Returns a new pending answer, which is already refused if the pool is closed. */
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
        } catch (Throwable e) { // code of others: its exception serves as the refusal
            return ThrownText.printable(e);
        }
    }

    /** Completes the answer as this stage completes, without the exceptions that stages wrap around a failure. */
    public static <T> void relay(CompletionStage<T> stage, CompletableFuture<T> answer) {
        var unused = stage.whenComplete((value, e) -> {
            if (e == null) {
                answer.complete(value);
            } else {
                answer.completeExceptionally(GuardedCalls.cause(e));
            }
        });
    }

    /** Refuses all pending and later answers. A second call has no effect. */
    public void close() {
        closed = true;
        waiting.values().forEach(answer -> answer.completeExceptionally(refusal()));
    }
}
