package io.github.lbkit.testkit;

import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The ways in which a callback of somebody else may break its contract. */
public enum Misbehaviour {
    /** Throws a {@link RuntimeException}. */
    THROWS_AN_EXCEPTION,
    /** Throws an {@link Error} that is no fault of the virtual machine, as a failed assertion or a missing class is. */
    THROWS_AN_ERROR,
    /** Throws an exception whose own methods throw, so that no log can print it. */
    THROWS_AN_UNPRINTABLE_EXCEPTION,
    /** Returns null where a value or a stage is due. */
    RETURNS_NULL,
    /** Returns a stage that completes with an {@link Error}. */
    FAILS_WITH_AN_ERROR,
    /** Returns a stage that completes with an exception whose own methods throw. */
    FAILS_WITH_AN_UNPRINTABLE_EXCEPTION,
    /** Returns a stage that completes with null. */
    COMPLETES_WITH_NULL,
    /** Returns a stage that never completes. */
    NEVER_COMPLETES,
    /** Returns a stage whose own methods throw. */
    BROKEN_STAGE,
    /** Returns a correct stage that completes on a thread of its own. */
    COMPLETES_ELSEWHERE;

    /** Whether a call of this method can go wrong in this way. */
    boolean fits(Method method) {
        return switch (this) {
            case THROWS_AN_EXCEPTION, THROWS_AN_ERROR, THROWS_AN_UNPRINTABLE_EXCEPTION -> true;
            case RETURNS_NULL -> !method.getReturnType().isPrimitive();
            default -> method.getReturnType().isAssignableFrom(CompletionStage.class);
        };
    }

    /** What the call comes to, given what it should have returned. */
    @Nullable
    Object result(@Nullable Object right) throws Throwable {
        return switch (this) {
            case THROWS_AN_EXCEPTION -> throw new IllegalStateException("thrown, as the test wants it");
            case THROWS_AN_ERROR -> throw new AssertionError("thrown, as the test wants it");
            case THROWS_AN_UNPRINTABLE_EXCEPTION -> throw new UnprintableException();
            case RETURNS_NULL -> null;
            case FAILS_WITH_AN_ERROR ->
                CompletableFuture.failedFuture(new NoClassDefFoundError("failed, as the test wants it"));
            case FAILS_WITH_AN_UNPRINTABLE_EXCEPTION -> CompletableFuture.failedFuture(new UnprintableException());
            case COMPLETES_WITH_NULL -> CompletableFuture.completedFuture(null);
            case NEVER_COMPLETES -> new CompletableFuture<>();
            case BROKEN_STAGE -> new BrokenStage();
            case COMPLETES_ELSEWHERE -> elsewhere(right);
        };
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it is the result of the call that goes wrong
    private static @Nullable Object elsewhere(@Nullable Object right) throws InterruptedException {
        if (!(right instanceof CompletionStage<?> stage)) {
            return right;
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

    /** A stage nothing can be attached to. */
    private static final class BrokenStage extends CompletableFuture<Object> {
        @Override
        public CompletableFuture<Object> whenComplete(BiConsumer<? super Object, ? super Throwable> action) {
            throw new UnsupportedOperationException("a broken stage, as the test wants it");
        }

        @Override
        public <U> CompletableFuture<U> handle(BiFunction<? super Object, Throwable, ? extends U> action) {
            throw new UnsupportedOperationException("a broken stage, as the test wants it");
        }

        @Override
        public CompletableFuture<Object> toCompletableFuture() {
            throw new UnsupportedOperationException("a broken stage, as the test wants it");
        }
    }
}
