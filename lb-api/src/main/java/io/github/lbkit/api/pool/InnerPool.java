package io.github.lbkit.api.pool;

import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.internal.GuardedCalls;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A guard around one of the pools that a derived pool follows. A call that throws or returns null yields the last good
 * value. Thread-safe.
 */
final class InnerPool {
    private final ServerPool pool;
    private final String name;
    private final GuardedCalls calls;

    /** Completes exceptionally if the pool was closed, or broke its contract. */
    private volatile CompletableFuture<Membership> ready = new CompletableFuture<>();

    /** The last good value; written and read by any thread, because any recent value will do. */
    private volatile Membership membership = Membership.UNKNOWN;

    private volatile Duration age = Duration.ZERO;

    InnerPool(ServerPool pool, String name, GuardedCalls calls) {
        this.pool = pool;
        this.name = name;
        this.calls = calls;
    }

    ServerPool pool() {
        return pool;
    }

    String name() {
        return name;
    }

    /**
     * Subscribes to the pool.
     *
     * @param begun called when every initial server of the pool has become ready or failed
     * @throws RuntimeException whatever the pool's {@code subscribe} throws
     */
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

    /** Returns whether every initial server of the pool has become ready or has failed. */
    boolean begun() {
        return ready.isDone()
                && (!ready.isCompletedExceptionally() || membership().isKnown());
    }
}
