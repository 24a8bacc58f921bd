package io.github.lbkit.http.internal.upstream;

import io.github.lbkit.api.Instance;
import io.github.lbkit.api.NameResolver;
import io.github.lbkit.api.Server;
import io.github.lbkit.http.internal.loop.EventLoop;
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
    private final Reclaim reclaim;

    /** By server; the newest generation last. Rarely more than one. */
    private final Map<String, List<InstanceConnections>> servers = new HashMap<>();

    /** Those that may be talked to; null before the first {@link #retain}. */
    private @Nullable Set<InstanceKey> ready;

    /**
     * A pool without connections.
     *
     * @param reclaim the way to a place for a connection that another loop holds and does not use
     */
    public UpstreamPool(
            EventLoop loop, ConnectionCaps caps, NameResolver names, UpstreamOptions options, Reclaim reclaim) {
        this.loop = loop;
        this.caps = caps;
        this.names = names;
        this.options = options;
        this.reclaim = reclaim;
    }

    /** The way to a place for a connection that another loop holds and does not use. */
    public interface Reclaim {
        /**
         * Asks the other loops to give up one unused connection to this instance.
         *
         * @param asker the loop that the answer is given on, later than this call returns
         * @param answer told whether the asker has a place now
         */
        void ask(InstanceKey key, EventLoop asker, Consumer<Boolean> answer);
    }

    /**
     * Returns a connection for this user: one that was used before, or a new one, which tells later that it is made or that
     * it cannot be made, because the instance speaks another protocol for example. Where all loops together have as many
     * connections as they may have, another loop gives up an unused one first.
     *
     * @param fresh whether the connection must be new
     * @param repeatable whether the request could be sent again if the server ended the connection at this moment
     */
    public UpstreamConnection take(
            Server server, Instance instance, boolean fresh, boolean repeatable, UpstreamUser user) {
        InstanceConnections connections = connections(server, instance);
        UpstreamConnection idle = fresh ? null : connections.takeIdle(repeatable);
        if (idle != null) {
            idle.reuse(user);
            return idle;
        }
        String host = instance.address().host();
        UpstreamConnection connection = new UpstreamConnection(loop, connections, options, user);
        if (!connections.isSpoken()) {
            loop.defer(() -> connection.cannotOpen(UpstreamFault.UNSPOKEN_SCHEME));
        } else if (connections.tryCount() || (connections.closeOneIdle() && connections.tryCount())) {
            counted(connection, connections, host);
        } else {
            reclaim.ask(connections.key(), loop, granted -> answered(granted, connection, connections, host));
        }
        return connection;
    }

    private void counted(UpstreamConnection connection, InstanceConnections connections, String host) {
        connections.opened(connection);
        resolve(host, connection);
    }

    private void answered(boolean granted, UpstreamConnection connection, InstanceConnections home, String host) {
        if (!granted) {
            connection.cannotOpen(UpstreamFault.NO_CONNECTION);
        } else if (connection.isClosed()) {
            home.uncount();
        } else {
            counted(connection, home, host);
        }
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

    /**
     * Closes one unused connection to this instance and leaves its place to the caller.
     *
     * @return whether there was one
     */
    public boolean giveUpOneIdle(InstanceKey key) {
        for (InstanceConnections connections : servers.getOrDefault(key.id(), List.of())) {
            if (connections.key().equals(key) && connections.closeOneIdle()) {
                if (connections.tryCount()) {
                    return true;
                }
            }
        }
        return false;
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
            connection.cannotOpen(UpstreamFault.NO_ADDRESS);
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
