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
 * A pool whose servers are chosen from other pools. Requests of the other pools to their listeners, such as the
 * release of a server, are passed to the listeners of this pool, and so are their events. Closing this pool ends its
 * subscriptions and leaves the other pools open. Thread-safe.
 */
abstract class DerivedPool implements ServerPool {
    /** The time for which attempts on a server may continue after the server is no longer chosen. */
    static final Duration DRAIN = Duration.ofSeconds(30);

    final Scheduler scheduler;
    final Notifier notifier;
    final GuardedCalls calls;
    final List<InnerPool> pools;
    final DrainingMembership draining;

    private final String name;
    private final CompletableFuture<Membership> ready = new CompletableFuture<>();
    private final List<Subscription> subscriptions = new ArrayList<>();

    /** Drains that the other pools wait for. All of them complete when this pool is closed. */
    private final Map<Long, CompletableFuture<DrainResult>> releases = new ConcurrentHashMap<>();

    private final AtomicLong asked = new AtomicLong();

    /** Written by the thread that closes the pool, read after each addition to {@link #releases}. */
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
        draining = new DrainingMembership(notifier, scheduler, DRAIN);
    }

    /** Returns the names of these pools. Each pool is asked once, because the names are parts of server ids. */
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

    /**
     * Reads the other pools and publishes the chosen servers. Called on the scheduler after each change of another
     * pool.
     */
    abstract void update();

    /** Returns the index of the pool whose servers are shown. */
    abstract int shown();

    /** Returns the prefix of the ids of that pool's servers; empty if the servers keep their ids. */
    abstract String prefix(int pool);

    /** Runs when the pool is being closed, before its subscriptions end. */
    void closing() {}

    /** Subscribes to the other pools. If one subscription fails, this pool is closed. */
    final void begin() {
        try {
            for (int i = 0; i < pools.size(); i++) {
                subscriptions.add(
                        pools.get(i).subscribe(new InnerPoolListener(i), () -> scheduler.execute(this::look)));
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

    /** Returns a server of that pool with its id in this pool. */
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

    /** Returns whether that pool still has this instance in state READY. */
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

    /** Returns whether every initial server of that pool has become ready or has failed. */
    boolean begun(int pool) {
        return pools.get(pool).begun();
    }

    /** Passes the notifications of one of the other pools to the listeners of this pool. */
    private final class InnerPoolListener implements PoolListener {
        private final int pool;

        InnerPoolListener(int pool) {
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

    /** Returns the age of the pool whose servers are shown. */
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
