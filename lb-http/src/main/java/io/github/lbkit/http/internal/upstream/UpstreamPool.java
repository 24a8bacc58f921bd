package io.github.lbkit.http.internal.upstream;

import io.github.lbkit.api.Instance;
import io.github.lbkit.api.NameResolver;
import io.github.lbkit.api.Server;
import io.github.lbkit.http.internal.loop.EventLoop;
import io.github.lbkit.http.internal.loop.PlainTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One loop's connections to servers. Confined to its loop. */
public final class UpstreamPool {
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamPool.class);

    private final EventLoop loop;
    private final ConnectionCaps caps;
    private final NameResolver names;
    private final UpstreamOptions options;
    private final Consumer<InstanceKey> starved;

    /** By server; the newest generation last. Rarely more than one. */
    private final Map<String, List<InstanceConnections>> servers = new HashMap<>();

    /** Those that may be talked to; null before the first {@link #retain}. */
    private @Nullable Set<InstanceKey> ready;

    /**
     * A pool without connections.
     *
     * @param starved asked to have the other loops give an unused connection to this instance up
     */
    public UpstreamPool(
            EventLoop loop,
            ConnectionCaps caps,
            NameResolver names,
            UpstreamOptions options,
            Consumer<InstanceKey> starved) {
        this.loop = loop;
        this.caps = caps;
        this.names = names;
        this.options = options;
        this.starved = starved;
    }

    /**
     * A connection for this user: one that was used before, or a new one, which tells when it is made or that it cannot
     * be. Null if the instance has as many as it may have, or speaks another protocol.
     *
     * @param fresh whether it must be new
     */
    public @Nullable UpstreamConnection take(Server server, Instance instance, boolean fresh, UpstreamUser user) {
        InstanceConnections connections = connections(server, instance);
        if (!connections.isSpoken()) {
            return null;
        }
        UpstreamConnection idle = fresh ? null : connections.takeIdle();
        if (idle != null) {
            idle.reuse(user);
            return idle;
        }
        if (!connections.tryCount() && !(connections.closeOneIdle() && connections.tryCount())) {
            starved.accept(connections.key());
            return null;
        }
        return open(connections, instance, user);
    }

    /** Tells which instances may be talked to: to the others, no unused connection is kept. */
    public void retain(Set<InstanceKey> nowReady) {
        ready = nowReady;
        servers.values().removeIf(generations -> {
            generations.forEach(c -> c.retired(!nowReady.contains(c.key())));
            generations.removeIf(c -> c.isRetired() && c.isEmpty());
            return generations.isEmpty();
        });
    }

    /** Tells those who wait for an answer of this instance that they had better not. */
    public void lost(InstanceKey key) {
        for (InstanceConnections connections : List.copyOf(servers.getOrDefault(key.id(), List.of()))) {
            if (connections.key().equals(key)) {
                connections.lost();
            }
        }
    }

    /** Gives up one unused connection to this instance, if there is any. */
    public void closeOneIdle(InstanceKey key) {
        for (InstanceConnections connections : servers.getOrDefault(key.id(), List.of())) {
            if (connections.key().equals(key) && connections.closeOneIdle()) {
                return;
            }
        }
    }

    /** Keeps no connection any more that is not in use. */
    public void close() {
        retain(Set.of());
    }

    private InstanceConnections connections(Server server, Instance instance) {
        List<InstanceConnections> generations = servers.computeIfAbsent(server.id(), id -> new ArrayList<>(1));
        for (int i = generations.size() - 1; i >= 0; i--) {
            InstanceKey known = generations.get(i).key();
            if (known.generation() == instance.generation() && known.address().equals(instance.address())) {
                return generations.get(i);
            }
        }
        InstanceKey key = InstanceKey.of(server, instance);
        InstanceConnections added =
                new InstanceConnections(key, caps.count(key), caps.limit(), options.idlePerInstance());
        added.retired(ready != null && !ready.contains(key));
        generations.add(added);
        return added;
    }

    private @Nullable UpstreamConnection open(InstanceConnections connections, Instance instance, UpstreamUser user) {
        UpstreamConnection connection;
        SocketChannel channel = null;
        try {
            channel = SocketChannel.open();
            connection = new UpstreamConnection(loop, new PlainTransport(channel), connections, options, user);
        } catch (IOException e) {
            LOG.warn("cannot open a socket towards {}: {}", connections.key(), e.getMessage());
            connections.uncount();
            close(channel);
            return null;
        }
        connections.opened(connection);
        resolve(instance.address().host(), connection);
        return connection;
    }

    /** Opens the connection on the loop when the addresses of its host are known, on whatever thread that is. */
    private void resolve(String host, UpstreamConnection connection) {
        CompletionStage<List<InetAddress>> addresses;
        try {
            addresses = names.resolve(host);
        } catch (RuntimeException | Error e) {
            addresses = CompletableFuture.failedFuture(e);
        }
        var unused = addresses.whenComplete((found, failure) -> {
            Runnable proceed = () -> open(connection, host, failure == null ? found : List.of(), failure);
            if (loop.isCurrent()) {
                loop.defer(proceed);
            } else {
                loop.execute(proceed);
            }
        });
    }

    private static void open(
            UpstreamConnection connection, String host, List<InetAddress> addresses, @Nullable Throwable failure) {
        if (failure != null) {
            LOG.debug("host {} has no known address", host, failure);
        }
        if (addresses.isEmpty()) {
            connection.cannotOpen();
        } else {
            connection.open(addresses);
        }
    }

    static void close(@Nullable SocketChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            LOG.debug("closing a socket that was never used", e);
        }
    }
}
