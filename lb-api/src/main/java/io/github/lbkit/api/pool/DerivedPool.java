package io.github.lbkit.api.pool;

import io.github.lbkit.api.DrainResult;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolContext;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.internal.GuardedCalls;
import io.github.lbkit.api.internal.pool.ChangeRules;
import io.github.lbkit.api.internal.pool.PoolLog;
import io.github.lbkit.api.pool.spi.DrainingMembership;
import io.github.lbkit.api.pool.spi.Notifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A pool whose servers are those of other pools, chosen somehow. What the other pools ask of their listeners, to let go
 * of a server above all, is asked of this pool's; what happens to their servers is told on. Closing it ends its
 * subscriptions, not the other pools. Thread-safe.
 */
abstract sealed class DerivedPool implements ServerPool permits PriorityPool, SubsetPool {
    /** How long attempts on a server that is not chosen any more may go on. */
    static final Duration DRAIN = Duration.ofSeconds(30);

    final Scheduler scheduler;
    final Notifier notifier;
    final GuardedCalls calls;
    final List<InnerPool> pools;
    final DrainingMembership showcase;

    private final String name;
    private final CompletableFuture<Membership> ready = new CompletableFuture<>();
    private final List<Subscription> subscriptions = new ArrayList<>();

    /** Drains that the other pools wait for; when this one is closed, nothing of it holds them up any more. */
    private final Map<Long, CompletableFuture<DrainResult>> releases = new ConcurrentHashMap<>();

    private final AtomicLong asked = new AtomicLong();

    /** Written by whoever closes the pool, read after an addition to {@link #releases}. */
    private volatile boolean closed;

    DerivedPool(PoolContext context, List<? extends ServerPool> pools) {
        this.name = context.name();
        List<String> names = names(pools);
        scheduler = context.runtimes().scheduler("pool-" + name);
        notifier = new Notifier(name, scheduler);
        calls = new PoolLog(name, scheduler).calls();
        List<InnerPool> inner = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            inner.add(new InnerPool(pools.get(i), names.get(i), calls));
        }
        this.pools = List.copyOf(inner);
        showcase = new DrainingMembership(notifier, scheduler, DRAIN);
    }

    /** The names of these pools, each asked for once: they are parts of ids. */
    static List<String> names(List<? extends ServerPool> pools) {
        List<String> names = new ArrayList<>();
        for (ServerPool pool : pools) {
            String name = pool.name();
            if (name == null) {
                throw new IllegalArgumentException(
                        "a pool of " + pool.getClass().getName() + " has no name");
            }
            names.add(name);
        }
        return names;
    }

    /** Looks at the other pools and shows what is chosen; on the scheduler, after any change of theirs. */
    abstract void update();

    /** Which pool's servers are shown. */
    abstract int shown();

    /** What stands before the ids of that pool's servers here; empty if they keep theirs. */
    abstract String prefix(int pool);

    /** The pool is being closed. */
    void closing() {}

    /** Begins to follow the other pools; if one of them cannot be followed, nothing of this one is left. */
    final void begin() {
        try {
            for (int i = 0; i < pools.size(); i++) {
                subscriptions.add(pools.get(i).subscribe(new Ear(i), () -> scheduler.execute(this::look)));
            }
        } catch (Throwable e) {
            close();
            throw e;
        }
        scheduler.execute(this::look);
    }

    final void look() {
        update();
        if (!ready.isDone() && notifier.membership().isKnown() && begun(shown())) {
            Membership first = notifier.membership();
            notifier.afterwards(() -> ready.complete(first));
        }
    }

    /** That pool's server as it is shown here. */
    final Server here(int pool, Server server) {
        if (prefix(pool).isEmpty()) {
            return server;
        }
        Server renamed = Server.starting(prefix(pool) + server.id())
                .withWeight(server.weight())
                .withLabels(server.labels());
        return server.instance()
                .map(instance -> renamed.withInstance(server.state(), instance))
                .orElseGet(() -> renamed.withState(server.state()));
    }

    /** Whether that pool still has this instance, ready. */
    final boolean isReady(int pool, Server shown) {
        String prefix = prefix(pool);
        return shown.id().startsWith(prefix)
                && pools.get(pool)
                        .membership()
                        .server(shown.id().substring(prefix.length()))
                        .filter(server -> server.state() == Server.State.READY
                                && server.instance().equals(shown.instance()))
                        .isPresent();
    }

    /** Whether that pool has said its first word: all that it began with is ready, or has failed. */
    boolean begun(int pool) {
        return pools.get(pool).begun();
    }

    /** What one of the other pools tells. */
    private final class Ear implements PoolListener {
        private final int pool;

        Ear(int pool) {
            this.pool = pool;
        }

        @Override
        public void changed(Membership membership) {
            scheduler.execute(DerivedPool.this::look);
        }

        @Override
        public CompletionStage<DrainResult> release(Server server, Duration within) {
            CompletableFuture<DrainResult> result = new CompletableFuture<>();
            long number = asked.incrementAndGet();
            releases.put(number, result);
            var unused = result.whenComplete((counted, e) -> releases.remove(number));
            scheduler.execute(() -> {
                var unusedToo = notifier.release(here(pool, server), within).thenAccept(result::complete);
            });
            if (closed) {
                result.complete(DrainResult.NOTHING);
            }
            return result;
        }

        @Override
        public void happened(PoolEvent event) {
            scheduler.execute(() -> notifier.relay(PoolEvents.prefixed(prefix(pool), event)));
        }
    }

    @Override
    public final String name() {
        return name;
    }

    /** The age of the pool whose servers are shown. */
    @Override
    public final Duration age() {
        return pools.get(shown()).age();
    }

    @Override
    public final Membership membership() {
        return notifier.membership();
    }

    @Override
    public final CompletionStage<Membership> ready() {
        return ready.copy();
    }

    @Override
    public final Subscription subscribe(PoolListener listener) {
        return notifier.subscribe(listener);
    }

    @Override
    public final void close() {
        closed = true;
        closing();
        subscriptions.forEach(Subscription::close);
        notifier.close();
        scheduler.close();
        releases.values().forEach(result -> result.complete(DrainResult.NOTHING));
        ready.completeExceptionally(ChangeRules.closed(name));
    }
}
