package io.github.lbkit.testkit.fault;

import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The ways in which a callback can break its contract. */
public enum Misbehaviour {
    /** Throws a {@link RuntimeException}. */
    THROWS_AN_EXCEPTION,
    /** Throws an {@link Error} other than a {@link VirtualMachineError}, such as a failed assertion. */
    THROWS_AN_ERROR,
    /** Throws an exception whose own methods throw, so that no log can print it. */
    THROWS_AN_UNPRINTABLE_EXCEPTION,
    /** Returns null instead of a value or a stage. */
    RETURNS_NULL,
    /** Returns a stage that completes with an {@link Error}. */
    FAILS_WITH_AN_ERROR,
    /** Returns a stage that completes with an exception whose own methods throw. */
    FAILS_WITH_AN_UNPRINTABLE_EXCEPTION,
    /** Returns a stage that completes with null. */
    COMPLETES_WITH_NULL,
    /** Returns a stage that never completes. */
    NEVER_COMPLETES,
    /** Returns a stage whose methods throw. */
    BROKEN_STAGE,
    /** Returns a correct stage that completes on another thread. */
    COMPLETES_ELSEWHERE;

    /** Returns whether a call of this method can fail in this way. */
    boolean appliesTo(Method method) {
        return switch (this) {
            case THROWS_AN_EXCEPTION, THROWS_AN_ERROR, THROWS_AN_UNPRINTABLE_EXCEPTION -> true;
            case RETURNS_NULL -> !method.getReturnType().isPrimitive();
            default -> method.getReturnType().isAssignableFrom(CompletionStage.class);
        };
    }

    /** Returns or throws the result of the faulty call, given the correct result. */
    @Nullable
    Object result(@Nullable Object correct) throws Throwable {
        return switch (this) {
            case THROWS_AN_EXCEPTION -> throw new IllegalStateException("a fault that the test injected");
            case THROWS_AN_ERROR -> throw new AssertionError("a fault that the test injected");
            case THROWS_AN_UNPRINTABLE_EXCEPTION -> throw new UnprintableException();
            case RETURNS_NULL -> null;
            case FAILS_WITH_AN_ERROR ->
                CompletableFuture.failedFuture(new NoClassDefFoundError("a fault that the test injected"));
            case FAILS_WITH_AN_UNPRINTABLE_EXCEPTION -> CompletableFuture.failedFuture(new UnprintableException());
            case COMPLETES_WITH_NULL -> CompletableFuture.completedFuture(null);
            case NEVER_COMPLETES -> new CompletableFuture<>();
            case BROKEN_STAGE -> new BrokenStage();
            case COMPLETES_ELSEWHERE -> elsewhere(correct);
        };
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the future is the result of the faulty call
    private static @Nullable Object elsewhere(@Nullable Object correct) throws InterruptedException {
        if (!(correct instanceof CompletionStage<?> stage)) {
            return correct;
        }
        CompletableFuture<Object> answer = new CompletableFuture<>();
        var unused = stage.whenComplete((value, e) -> onAnotherThread(() -> {
            if (e == null) {
                answer.complete(value);
            } else {
                answer.completeExceptionally(e);
            }
        }));
        return answer;
    }

    private static void onAnotherThread(Runnable task) {
        Thread thread = new Thread(task, "completes-elsewhere");
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException(e);
        }
    }

    /** A stage that accepts no callback. */
    private static final class BrokenStage extends CompletableFuture<Object> {
        @Override
        public CompletableFuture<Object> whenComplete(BiConsumer<? super Object, ? super Throwable> action) {
            throw new UnsupportedOperationException("a fault that the test injected: a broken stage");
        }

        @Override
        public <U> CompletableFuture<U> handle(BiFunction<? super Object, Throwable, ? extends U> action) {
            throw new UnsupportedOperationException("a fault that the test injected: a broken stage");
        }

        @Override
        public CompletableFuture<Object> toCompletableFuture() {
            throw new UnsupportedOperationException("a fault that the test injected: a broken stage");
        }
    }
}
