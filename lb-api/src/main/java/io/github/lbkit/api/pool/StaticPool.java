package io.github.lbkit.api.pool;

import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Runtimes;
import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.pool.spi.Notifier;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A pool whose servers are given once and never change: membership version 1, known from the start. Thread-safe.
 *
 * <p><b>Good for</b> servers that something else keeps alive, and for tests. <b>Bad for</b> servers that come and go.
 */
public final class StaticPool implements ServerPool {
    private final String name;
    private final Scheduler scheduler;
    private final Notifier notifier;

    private StaticPool(String name, Scheduler scheduler, Membership membership) {
        this.name = name;
        this.scheduler = scheduler;
        this.notifier = new Notifier(name, scheduler);
        notifier.publish(membership);
    }

    /**
     * The pool of these servers.
     *
     * @param runtimes where the thread comes from that tells the listeners
     * @throws IllegalArgumentException if two servers have one id
     */
    public static StaticPool of(String name, Runtimes runtimes, List<Server> servers) {
        Membership membership = Membership.of(1, servers);
        return new StaticPool(name, runtimes.scheduler("pool-" + name), membership);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Membership membership() {
        return notifier.membership();
    }

    @Override
    public CompletionStage<Membership> ready() {
        return CompletableFuture.completedFuture(membership());
    }

    @Override
    public Subscription subscribe(PoolListener listener) {
        return notifier.subscribe(listener);
    }

    @Override
    public void close() {
        notifier.close();
        scheduler.close();
    }
}
