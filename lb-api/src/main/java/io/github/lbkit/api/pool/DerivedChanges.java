package io.github.lbkit.api.pool;

import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolChange.ServerChange;
import io.github.lbkit.api.PoolChangeRefusedException;
import io.github.lbkit.api.PoolChangeRefusedException.Reason;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.internal.GuardedCalls;
import io.github.lbkit.api.internal.ThrownText;
import io.github.lbkit.api.internal.pool.ChangeRules;
import io.github.lbkit.api.pool.spi.PendingAnswers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Changes that are asked of a derived pool and made by the pool below it. An answer is given when the listeners of the
 * derived pool know the result, too. Thread-safe.
 */
final class DerivedChanges {
    private final DerivedPool pool;
    private final PendingAnswers answers;

    DerivedChanges(DerivedPool pool) {
        this.pool = pool;
        answers = new PendingAnswers(() -> ChangeRules.closed(pool.name()));
    }

    /** Refuses the changes under way and all later ones. */
    void close() {
        answers.close();
    }

    /** Makes a change. If the pool below throws, the returned stage fails with the same exception. */
    <T> CompletionStage<T> ask(Supplier<CompletionStage<T>> change, UnaryOperator<T> asSeenHere) {
        CompletableFuture<T> answer = answers.awaited();
        if (answer.isDone()) {
            return answer.copy();
        }
        try {
            var unused = change.get().handle((value, e) -> { // whenComplete would print what the other pool throws
                if (e != null) {
                    return answer.completeExceptionally(ThrownText.printable(GuardedCalls.cause(e)));
                }
                if (value == null) {
                    return answer.completeExceptionally(
                            new IllegalStateException("a pool below " + pool.name() + " completed a change with null"));
                }
                pool.scheduler.execute(() -> {
                    pool.look();
                    pool.notifier.afterwards(() -> complete(answer, () -> asSeenHere.apply(value)));
                });
                return true;
            });
        } catch (Throwable e) { // the other pool is code of others
            answer.completeExceptionally(ThrownText.printable(e));
        }
        return answer.copy();
    }

    private static <T> void complete(CompletableFuture<T> answer, Supplier<T> value) {
        try {
            answer.complete(value.get());
        } catch (Throwable e) { // calls the other pool for its desired servers
            answer.completeExceptionally(ThrownText.printable(e));
        }
    }

    /** Returns this pool as a managed one, or refuses the change. */
    static ManagedServerPool managed(ServerPool pool) {
        if (pool instanceof ManagedServerPool managed) {
            return managed;
        }
        throw notHere(
                "the servers of pool " + pool.name() + " are not launched by this program: it cannot change them");
    }

    static PoolChangeRefusedException notHere(String why) {
        return new PoolChangeRefusedException(Reason.NOT_HERE, why);
    }

    /** Returns this result with the ids and the desired servers of the derived pool. */
    static PoolChange renamed(PoolChange change, Function<String, String> id, List<String> desired) {
        List<ServerChange> servers = change.servers().stream()
                .map(one -> new ServerChange(id.apply(one.id()), one.outcome(), one.detail()))
                .toList();
        return new PoolChange(servers, desired);
    }
}
