package io.github.lbkit.http.internal.upstream;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.runtime.NameResolver;
import io.github.lbkit.http.internal.loop.EventLoop;
import java.net.InetAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections of one loop to servers. Confined to its loop. */
public final class UpstreamPool {
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamPool.class);

    private final EventLoop loop;
    private final ConnectionCaps caps;
    private final NameResolver names;
    private final UpstreamOptions options;
    private final Reclaim reclaim;
    private final ServerTransports transports;

    /** The connections by server id, the newest generation last. A server rarely has more than one generation. */
    private final Map<String, List<InstanceConnections>> servers = new HashMap<>();

    /** The instances to which requests may be sent; null before the first {@link #retain}. */
    private @Nullable Set<InstanceKey> ready;

    /**
     * Creates a pool without connections.
     *
     * @param transports opens the transports
     * @param reclaim the way to get a permit from another loop
     */
    public UpstreamPool(
            EventLoop loop,
            ServerTransports transports,
            ConnectionCaps caps,
            NameResolver names,
            UpstreamOptions options,
            Reclaim reclaim) {
        this.loop = loop;
        this.transports = transports;
        this.caps = caps;
        this.names = names;
        this.options = options;
        this.reclaim = reclaim;
    }

    /** The way to get the permit for a connection that another loop holds and does not use. */
    public interface Reclaim {
        /**
         * Requests that another loop closes one unused connection to this instance.
         *
         * @param asker the asking loop
         * @param answer called on the asking loop after this call, with whether it has a permit now
         */
        void reclaim(InstanceKey key, EventLoop asker, Consumer<Boolean> answer);
    }

    /**
     * Returns an unused connection or a new one. A new connection reports later that it is made or has failed. If the
     * limit of connections to the instance is reached, an unused connection of another loop is closed first.
     *
     * @param fresh whether the connection must be new
     * @param repeatable whether the request could be sent again if the server closed the connection now
     * @param listener the receiver of the events of the connection
     */
    public UpstreamConnection take(
            Server server, Instance instance, boolean fresh, boolean repeatable, UpstreamListener listener) {
        InstanceConnections connections = connections(server, instance);
        UpstreamConnection idle = fresh ? null : connections.takeIdle(repeatable, listener.client());
        if (idle != null) {
            idle.reuse(listener);
            return idle;
        }
        UpstreamConnection connection = new UpstreamConnection(loop, transports, connections, options, listener);
        if (!connections.isSupported()) {
            loop.defer(() -> connection.cannotOpen(UpstreamFault.UNSUPPORTED_SCHEME));
        } else if (connections.tryAcquire() || (connections.closeOneIdle() && connections.tryAcquire())) {
            admitted(connection, connections);
        } else {
            reclaim.reclaim(connections.key(), loop, granted -> answered(granted, connection, connections));
        }
        return connection;
    }

    private void admitted(UpstreamConnection connection, InstanceConnections connections) {
        connections.opened(connection);
        Address address = connections.key().address();
        Optional<UnixDomainSocketAddress> unix = address.unixSocket();
        if (unix.isPresent()) {
            connection.open(unix.get());
        } else {
            resolve(address.host(), connection);
        }
    }

    private void answered(boolean granted, UpstreamConnection connection, InstanceConnections owner) {
        if (!granted) {
            connection.cannotOpen(UpstreamFault.NO_CONNECTION);
        } else if (connection.isClosed()) {
            owner.release();
        } else {
            admitted(connection, owner);
        }
    }

    /** Sets the instances to which requests may be sent. Unused connections to all others are closed. */
    public void retain(Set<InstanceKey> newReady) {
        ready = newReady;
        servers.values().removeIf(generations -> {
            generations.forEach(c -> c.setRetired(!newReady.contains(c.key())));
            generations.removeIf(c -> c.isRetired() && c.isEmpty());
            return generations.isEmpty();
        });
    }

    /**
     * Notifies the users of connections to this instance that the instance is lost, so that they can retry elsewhere.
     */
    public void lost(InstanceKey key) {
        for (InstanceConnections connections : List.copyOf(servers.getOrDefault(key.id(), List.of()))) {
            if (connections.key().equals(key)) {
                connections.lost();
            }
        }
    }

    /**
     * Notifies the users of connections to this instance that the instance has left, and that the time for its requests
     * in flight is over.
     */
    public void left(InstanceKey key) {
        for (InstanceConnections connections : List.copyOf(servers.getOrDefault(key.id(), List.of()))) {
            if (connections.key().equals(key)) {
                connections.left();
            }
        }
    }

    /**
     * Closes one unused connection to this instance and leaves its permit to the caller.
     *
     * @return whether there was an unused connection
     */
    public boolean closeOneUnused(InstanceKey key) {
        for (InstanceConnections connections : servers.getOrDefault(key.id(), List.of())) {
            if (connections.key().equals(key) && connections.closeOneIdle()) {
                if (connections.tryAcquire()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Closes all unused connections, and keeps none any more. */
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
        added.setRetired(ready != null && !ready.contains(key));
        generations.add(added);
        return added;
    }

    /** Resolves the host on any thread, then connects on the loop. */
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
}
