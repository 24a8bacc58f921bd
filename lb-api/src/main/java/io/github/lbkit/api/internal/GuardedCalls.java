package io.github.lbkit.api.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;

/**
 * A guard around calls to foreign code, which may throw any {@link Throwable}, return null, or return a stage that is
 * broken, completes with null or completes twice. The caller gets a value, or a stage that completes once. The log gets
 * the class of the callee, at most once a minute. Thread-safe.
 */
public final class GuardedCalls {
    private final String owner;
    private final RateLimitedLog log;

    /**
     * Creates a guard for this owner.
     *
     * @param owner the beginning of the log lines, such as {@code pool shop}
     */
    public GuardedCalls(String owner, RateLimitedLog log) {
        this.owner = owner;
        this.log = log;
    }

    /** Creates a guard for this owner, with a rate limit of its own. */
    public GuardedCalls(String owner, Logger log, LongSupplier nanoTime) {
        this(owner, new RateLimitedLog(log, nanoTime));
    }

    /**
     * Makes a call that returns nothing.
     *
     * @param callee the object whose class the log names
     * @param what a description of the call, for the log
     */
    public void run(Object callee, String what, Runnable call) {
        try {
            call.run();
        } catch (Throwable e) { // a callback may throw anything; nothing escapes from here
            threw(callee, what, e);
        }
    }

    /** Makes a call that returns a value; returns the fallback if the call throws or returns null. */
    public <T> T value(Object callee, String what, Supplier<T> call, T fallback) {
        try {
            T value = call.get();
            if (value != null) {
                return value;
            }
            broke(callee, what, "returned null");
        } catch (Throwable e) {
            threw(callee, what, e);
        }
        return fallback;
    }

    /**
     * Makes a call that returns a stage with a value. The result is a new future, which fails if the call throws,
     * returns null or completes with null.
     */
    public <T> CompletableFuture<T> stage(Object callee, String what, Supplier<CompletionStage<T>> call) {
        return checked(callee, what, call, value -> {
            if (value == null) {
                throw broke(callee, what, "completed with null");
            }
            return value;
        });
    }

    /** Makes a call as {@link #stage} does, of a callee whose stage should not fail: a failure is also logged. */
    public <T> CompletableFuture<T> infallible(Object callee, String what, Supplier<CompletionStage<T>> call) {
        return stage(callee, what, () -> {
            CompletionStage<T> stage = call.get();
            return stage == null
                    ? stage
                    : stage.handle((value, e) -> {
                        if (e == null) {
                            return value;
                        }
                        threw(callee, what, e);
                        throw new CompletionException(ThrownText.printable(e));
                    });
        });
    }

    /** Makes a call whose stage has no value; null is a valid result. */
    public CompletableFuture<Boolean> ending(Object callee, String what, Supplier<CompletionStage<Void>> call) {
        return checked(callee, what, call, nothing -> true);
    }

    private <T, R> CompletableFuture<R> checked(
            Object callee, String what, Supplier<CompletionStage<T>> call, Function<T, R> check) {
        CompletableFuture<R> answer = new CompletableFuture<>();
        try {
            CompletionStage<T> stage = call.get();
            if (stage == null) {
                answer.completeExceptionally(broke(callee, what, "returned null"));
                return answer;
            }
            var unused = stage.handle((value, e) -> { // whenComplete would print the exception, and that may throw
                try {
                    return e == null
                            ? answer.complete(check.apply(value))
                            : answer.completeExceptionally(ThrownText.printable(e));
                } catch (IllegalStateException refused) {
                    return answer.completeExceptionally(refused);
                }
            });
        } catch (Throwable e) {
            threw(callee, what, e);
            answer.completeExceptionally(ThrownText.printable(e));
        }
        return answer;
    }

    /** Writes the line of a callback that threw. */
    public void threw(Object callee, String what, Throwable e) {
        log.error(name(callee), what, e, "{}: {} threw at {}: {}", owner, name(callee), what, ThrownText.of(e));
    }

    private IllegalStateException broke(Object callee, String what, String how) {
        IllegalStateException e = new IllegalStateException(name(callee) + " " + how + " at " + what);
        log.error(name(callee), what, e, "{}: {} {} at {}", owner, name(callee), how, what);
        return e;
    }

    private static String name(Object callee) {
        return callee.getClass().getName();
    }

    /**
     * Returns why a stage failed, for people: the message of the cause, or its class and message where the message
     * alone is not enough.
     */
    public static String reason(Throwable e) {
        Throwable cause = cause(e);
        return cause instanceof Error ? ThrownText.of(cause) : ThrownText.message(cause);
    }

    /** Returns the failure of a stage without the {@link CompletionException}s around it. */
    public static Throwable cause(Throwable e) {
        Throwable cause = e;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
