package io.github.lbkit.api.pool;

import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.internal.pool.ServerUri;
import io.github.lbkit.api.pool.spi.Notifier;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.api.runtime.Scheduler;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/**
 * A pool of servers that never change: membership version 1, known from the start. Thread-safe.
 *
 * <pre>{@code
 * try (StaticPool pool = StaticPool.of("orders", "http://10.0.0.1:8080", "http://10.0.0.2:8080;weight=3");
 *         LoadBalancer balancer = LoadBalancer.builder(pool, Policies.named("round-robin", Map.of())).build()) {
 *     …
 * }
 * }</pre>
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
     * Returns a pool of the servers with these URLs, on system time and threads.
     *
     * @param servers at least one {@code [NAME=]URL[;weight=N]}. The URL is a scheme, a host and a port; the scheme
     *     may be left out, and is {@code http} then. The port may be left out for {@code http} and {@code https}. The
     *     server's id is NAME, or {@code host:port} without a NAME
     * @throws IllegalArgumentException if there is no server, a server is malformed, or two servers have one id
     */
    public static StaticPool of(String name, String... servers) {
        if (servers.length == 0) {
            throw new IllegalArgumentException("static pool " + name + " has no server; name at least one URL");
        }
        return of(
                name,
                Runtimes.system(),
                Stream.of(servers).map(ServerUri::parse).toList());
    }

    /**
     * Returns a pool of these servers.
     *
     * @param runtimes the source of the thread that calls the listeners
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
