package io.github.lbkit.http.internal.upstream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one loop to one instance. The unused connection that was used last is taken first. Confined to its
 * loop.
 */
final class InstanceConnections {
    private final InstanceKey key;
    private final AtomicInteger count;
    private final int limit;
    private final int maxIdle;
    private final List<UpstreamConnection> open = new ArrayList<>();
    private final ArrayDeque<UpstreamConnection> idle = new ArrayDeque<>();
    private final AddressPreferences preferences = new AddressPreferences();
    private final boolean supported;
    private boolean retired;

    /**
     * Creates an empty set of connections.
     *
     * @param count the number of connections of all loops to this instance
     * @param limit the maximum of that number
     * @param maxIdle the maximum number of unused connections of this loop
     */
    InstanceConnections(InstanceKey key, AtomicInteger count, int limit, int maxIdle) {
        this.key = key;
        this.count = count;
        this.limit = limit;
        this.maxIdle = maxIdle;
        supported = key.isSupported();
    }

    /** Returns whether the proxy supports the scheme of the instance's address. */
    boolean isSupported() {
        return supported;
    }

    InstanceKey key() {
        return key;
    }

    /** Returns the preferred address among those of the instance's host. */
    AddressPreferences preferences() {
        return preferences;
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    boolean isRetired() {
        return retired;
    }

    /** Sets whether the instance is retired: then no unused connection is kept. */
    void setRetired(boolean value) {
        retired = value;
        if (value) {
            closeIdle();
        }
    }

    /** Takes a permit for a connection. Returns false if the limit of all loops is reached. */
    boolean tryAcquire() {
        if (count.incrementAndGet() <= limit) {
            return true;
        }
        count.decrementAndGet();
        return false;
    }

    /** Releases the permit for a connection that was not made. */
    void release() {
        count.decrementAndGet();
    }

    /** Adds a connection that has a permit. */
    void opened(UpstreamConnection connection) {
        open.add(connection);
    }

    /** Keeps an unused connection for a later request. Returns false if the connection is not needed. */
    boolean keep(UpstreamConnection connection) {
        ProxiedClient client = connection.client();
        if (retired || (client == null ? idle.size() >= maxIdle : !client.keep(connection))) {
            return false;
        }
        if (idle.size() >= maxIdle) {
            closeOneIdle(); // its client may not come back
        }
        idle.push(connection);
        return true;
    }

    /**
     * Takes the unused connection that was used last. Returns null if there is none, or if the server may soon close it
     * and the request could not be sent again.
     *
     * @param repeatable whether the request could be sent again
     * @param client the only client that may use the connection, because the connection reports its addresses; null if
     *     connections report none
     */
    @Nullable
    UpstreamConnection takeIdle(boolean repeatable, @Nullable ProxiedClient client) {
        UpstreamConnection latest = client == null ? idle.peek() : client.unusedOf(this);
        if (latest == null || !latest.mayTake(repeatable)) {
            return null;
        }
        idle.remove(latest);
        if (client != null) {
            client.remove(latest);
        }
        return latest;
    }

    /** Closes the unused connection that was used first. Returns false if there is none. */
    boolean closeOneIdle() {
        UpstreamConnection oldest = idle.pollLast();
        if (oldest == null) {
            return false;
        }
        oldest.close();
        return true;
    }

    private void closeIdle() {
        while (closeOneIdle()) {
            // until none is left
        }
    }

    /** Closes unused connections, and notifies the users of the others that the instance is lost. */
    void lost() {
        closeIdle();
        List.copyOf(open).forEach(UpstreamConnection::notifyLost);
    }

    /** Notifies the users of connections that the instance has left. */
    void left() {
        List.copyOf(open).forEach(UpstreamConnection::notifyLeft);
    }

    /** Removes a connection that is closed, and releases its permit. */
    void closed(UpstreamConnection connection) {
        if (open.remove(connection)) {
            idle.remove(connection);
            count.decrementAndGet();
        }
    }
}
