package io.github.lbkit.docker.internal.lease;

import io.github.lbkit.api.DrainResult;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.pool.spi.Notifier;
import io.github.lbkit.api.runtime.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The publisher of a shared pool's memberships. It gives listeners one sequence of versions, even if the role of this
 * process changes. Confined to its scheduler, except for reads.
 */
final class MembershipPublisher {
    final Notifier notifier;
    private final Scheduler scheduler;
    private final CompletableFuture<Membership> ready = new CompletableFuture<>();

    /** The pool whose servers are published; null if the servers come from {@link #publish}. */
    private @Nullable ServerPool relayed;

    private @Nullable Subscription subscription;

    MembershipPublisher(String pool, Scheduler scheduler) {
        this.scheduler = scheduler;
        notifier = new Notifier(pool, scheduler);
    }

    Membership membership() {
        return notifier.membership();
    }

    CompletionStage<Membership> ready() {
        return ready.copy();
    }

    /** Publishes these servers if they differ from the published ones. */
    void publish(List<Server> servers) {
        Membership before = notifier.membership();
        Membership newest = before.isKnown() ? before.next(servers) : Membership.of(1, servers);
        if (!before.isKnown() || !before.servers().equals(newest.servers())) {
            notifier.publish(newest);
        }
    }

    /** Completes {@link #ready} with the current membership, after the listeners were notified of it. */
    void completeReady() {
        if (!ready.isDone()) {
            Membership first = notifier.membership();
            notifier.afterwards(() -> ready.complete(first));
        }
    }

    /**
     * Publishes the servers of this pool from now on. If other servers are published already, they stay until the pool
     * is ready.
     */
    void relay(ServerPool pool) {
        relayed = pool;
        boolean waitUntilReady = notifier.membership().isKnown();
        subscription = pool.subscribe(new Relay(pool, waitUntilReady));
        var unused = pool.ready()
                .whenComplete((membership, e) -> scheduler.execute(() -> {
                    if (e == null && update(pool)) {
                        completeReady();
                    }
                }));
    }

    /** Publishes the current servers of this pool if the pool is relayed; returns true if it has published them. */
    boolean update(ServerPool pool) {
        boolean current = Objects.equals(relayed, pool) && pool.membership().isKnown();
        if (current) {
            publish(pool.membership().servers());
        }
        return current;
    }

    /** Ends the relay; the published servers stay until others are published. */
    void endRelay() {
        relayed = null;
        if (subscription != null) {
            subscription.close();
            subscription = null;
        }
    }

    void close(RuntimeException reason) {
        notifier.close();
        ready.completeExceptionally(reason);
    }

    /** A listener that passes everything from the relayed pool to this publisher's listeners. */
    private final class Relay implements PoolListener {
        private final ServerPool pool;
        private final boolean waitUntilReady;

        Relay(ServerPool pool, boolean waitUntilReady) {
            this.pool = pool;
            this.waitUntilReady = waitUntilReady;
        }

        @Override
        public void changed(Membership membership) {
            scheduler.execute(() -> {
                if (!waitUntilReady || pool.ready().toCompletableFuture().isDone()) {
                    update(pool);
                }
            });
        }

        @Override
        public CompletionStage<DrainResult> release(Server server, Duration within) {
            CompletableFuture<DrainResult> result = new CompletableFuture<>();
            scheduler.execute(() -> {
                var unused = notifier.release(server, within).thenAccept(result::complete);
            });
            return result;
        }

        @Override
        public void happened(PoolEvent event) {
            scheduler.execute(() -> notifier.happened(event));
        }
    }
}
