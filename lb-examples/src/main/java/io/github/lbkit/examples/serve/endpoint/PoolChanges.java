package io.github.lbkit.examples.serve.endpoint;

import io.github.lbkit.api.PoolChangeRefusedException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/** Waits for what a pool is asked to do. Stateless. */
final class PoolChanges {
    private PoolChanges() {}

    /** What the stage completes with; what the pool refuses is told as this refusal. */
    static <T> T await(CompletionStage<T> stage, Function<PoolChangeRefusedException, Refusal> refusal)
            throws Refusal, InterruptedException {
        try {
            return stage.toCompletableFuture().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof PoolChangeRefusedException refused) {
                throw refusal.apply(refused);
            }
            throw new IllegalStateException("the pool failed to change", e.getCause());
        }
    }
}
