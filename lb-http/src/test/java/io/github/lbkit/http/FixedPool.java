package io.github.lbkit.http;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.DrainResult;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.Subscription;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** A pool whose servers a test sets; listeners are told on the test's thread. */
final class FixedPool implements ServerPool {
    private final List<PoolListener> listeners = new CopyOnWriteArrayList<>();
    private volatile Membership membership;

    private FixedPool(List<Server> servers) {
        membership = Membership.of(1, servers);
    }

    /** Servers s1, s2, … at these addresses, all ready, of generation 1. */
    static FixedPool of(InetSocketAddress... addresses) {
        List<Server> servers = new ArrayList<>();
        for (int i = 0; i < addresses.length; i++) {
            servers.add(server("s" + (i + 1), 1, "127.0.0.1", addresses[i].getPort()));
        }
        return new FixedPool(servers);
    }

    /** Servers s1, s2, … at these addresses, all ready, of generation 1. */
    static FixedPool at(Address... addresses) {
        List<Server> servers = new ArrayList<>();
        for (int i = 0; i < addresses.length; i++) {
            servers.add(server("s" + (i + 1), 1, addresses[i]));
        }
        return new FixedPool(servers);
    }

    static Server server(String id, long generation, String host, int port) {
        return server(id, generation, Address.of(host, port));
    }

    static Server server(String id, long generation, Address address) {
        return Server.ready(id, new Instance(id + "-" + generation, address, generation));
    }

    /** Replaces all servers. */
    void set(Server... servers) {
        membership = membership.next(List.of(servers));
        listeners.forEach(l -> l.changed(membership));
    }

    /** Puts a server in the place of the one with its id. */
    void put(Server server) {
        List<Server> servers = new ArrayList<>(membership.servers());
        servers.removeIf(s -> s.id().equals(server.id()));
        servers.add(server);
        set(servers.toArray(new Server[0]));
    }

    Server server(String id) {
        return membership.server(id).orElseThrow();
    }

    /** Drains a server, as a pool does before it stops an instance. */
    CompletableFuture<DrainResult> release(String id, Duration within) {
        Server draining = server(id).withState(Server.State.DRAINING);
        put(draining);
        return listeners.get(0).release(draining, within).toCompletableFuture();
    }

    @Override
    public String name() {
        return "fixed";
    }

    @Override
    public Membership membership() {
        return membership;
    }

    @Override
    public CompletionStage<Membership> ready() {
        return CompletableFuture.completedFuture(membership);
    }

    @Override
    public Subscription subscribe(PoolListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void close() {
        listeners.clear();
    }
}
