package io.github.lbkit.docker.internal.lease;

import io.github.lbkit.api.DrainResult;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.pool.spi.Notifier;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What the listeners of a shared pool see: one line of memberships, whoever finds out what is in them. Confined to its
 * scheduler, but for what is read.
 */
final class MembershipPublisher {
    final Notifier notifier;
    private final Scheduler scheduler;
    private final CompletableFuture<Membership> ready = new CompletableFuture<>();

    /** The pool whose servers are shown; null if they are told by {@link #show(List)}. */
    private @Nullable ServerPool relayed;

    private @Nullable Subscription ear;

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

    /** Shows these servers. */
    void show(List<Server> servers) {
        Membership before = notifier.membership();
        Membership newest = before.isKnown() ? before.next(servers) : Membership.of(1, servers);
        if (!before.isKnown() || !before.servers().equals(newest.servers())) {
            notifier.publish(newest);
        }
    }

    /** What is shown by now is the first word. */
    void begun() {
        if (!ready.isDone()) {
            Membership first = notifier.membership();
            notifier.afterwards(() -> ready.complete(first));
        }
    }

    /** Shows this pool's servers from now on; if there were others before, from when it has found its own. */
    void relay(ServerPool pool) {
        relayed = pool;
        boolean patient = notifier.membership().isKnown();
        ear = pool.subscribe(new Ear(pool, patient));
        var unused = pool.ready()
                .whenComplete((membership, e) -> scheduler.execute(() -> {
                    if (e == null && look(pool)) {
                        begun();
                    }
                }));
    }

    /** Shows what this pool has now, if it is the one whose servers are shown. */
    boolean look(ServerPool pool) {
        boolean shown = Objects.equals(relayed, pool) && pool.membership().isKnown();
        if (shown) {
            show(pool.membership().servers());
        }
        return shown;
    }

    /** What was shown last stays, until someone shows something else. */
    void unrelay() {
        relayed = null;
        if (ear != null) {
            ear.close();
            ear = null;
        }
    }

    void close(RuntimeException why) {
        notifier.close();
        ready.completeExceptionally(why);
    }

    /** Tells on what a pool tells. */
    private final class Ear implements PoolListener {
        private final ServerPool pool;
        private final boolean patient;

        Ear(ServerPool pool, boolean patient) {
            this.pool = pool;
            this.patient = patient;
        }

        @Override
        public void changed(Membership membership) {
            scheduler.execute(() -> {
                if (!patient || pool.ready().toCompletableFuture().isDone()) {
                    look(pool);
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
