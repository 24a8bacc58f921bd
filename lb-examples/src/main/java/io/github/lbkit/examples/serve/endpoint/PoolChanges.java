package io.github.lbkit.examples.serve.endpoint;

import io.github.lbkit.api.PoolChangeRefusedException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/** The results of changes of a pool. Stateless. */
public final class PoolChanges {
    private PoolChanges() {}

    /** Waits for the result of a change; a change that the pool refuses becomes this refusal. */
    public static <T> T await(CompletionStage<T> stage, Function<PoolChangeRefusedException, Refusal> refusal)
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
