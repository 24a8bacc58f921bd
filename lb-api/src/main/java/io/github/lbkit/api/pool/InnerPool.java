package io.github.lbkit.api.pool;

import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.internal.GuardedCalls;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * One of the pools that a derived pool follows. It is code of others: a call that throws or returns null is answered by what
 * was known before. Thread-safe.
 */
final class InnerPool {
    private final ServerPool pool;
    private final String name;
    private final GuardedCalls calls;

    /** Completes exceptionally if the pool was closed, or broke its contract. */
    private volatile CompletableFuture<Membership> ready = new CompletableFuture<>();

    /** The last good answers; written and read by anybody, any of them is as good as another. */
    private volatile Membership membership = Membership.UNKNOWN;

    private volatile Duration age = Duration.ZERO;

    InnerPool(ServerPool pool, String name, GuardedCalls calls) {
        this.pool = pool;
        this.name = name;
        this.calls = calls;
    }

    /** The pool itself. */
    ServerPool pool() {
        return pool;
    }

    String name() {
        return name;
    }

    /** Follows the pool; what {@code subscribe} throws is thrown on. */
    Subscription subscribe(PoolListener listener, Runnable begun) {
        Subscription subscription = pool.subscribe(listener);
        if (subscription == null) {
            throw new IllegalStateException(pool.getClass().getName() + " returned null for a subscription");
        }
        ready = calls.stage(pool, "ready", pool::ready);
        var unused = ready.whenComplete((first, e) -> begun.run());
        return () -> calls.run(pool, "the end of a subscription", subscription::close);
    }

    Membership membership() {
        membership = calls.value(pool, "membership", pool::membership, membership);
        return membership;
    }

    Duration age() {
        age = calls.value(pool, "age", pool::age, age);
        return age;
    }

    /** Whether the pool has said its first word: all that it began with is ready, or has failed. */
    boolean begun() {
        return ready.isDone()
                && (!ready.isCompletedExceptionally() || membership().isKnown());
    }
}
