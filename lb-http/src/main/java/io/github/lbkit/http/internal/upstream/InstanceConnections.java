package io.github.lbkit.http.internal.upstream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One loop's connections to one instance; those not in use stand last in, first out. Confined to its loop. */
final class InstanceConnections {
    private final InstanceKey key;
    private final AtomicInteger count;
    private final int limit;
    private final int maxIdle;
    private final List<UpstreamConnection> open = new ArrayList<>();
    private final ArrayDeque<UpstreamConnection> idle = new ArrayDeque<>();
    private final AddressPreferences preferences = new AddressPreferences();
    private final boolean spoken;
    private boolean retired;

    /**
     * None yet.
     *
     * @param count how many all loops have, and may not exceed the limit
     * @param maxIdle how many are kept here while not in use
     */
    InstanceConnections(InstanceKey key, AtomicInteger count, int limit, int maxIdle) {
        this.key = key;
        this.count = count;
        this.limit = limit;
        this.maxIdle = maxIdle;
        spoken = key.isSpoken();
    }

    /** Returns whether the proxy speaks the instance's protocol. */
    boolean isSpoken() {
        return spoken;
    }

    InstanceKey key() {
        return key;
    }

    /** Returns the preferences of this loop among the addresses of the instance's host. */
    AddressPreferences preferences() {
        return preferences;
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    boolean isRetired() {
        return retired;
    }

    /** Whether the instance may be talked to: where not, nothing is kept. */
    void retired(boolean value) {
        retired = value;
        if (value) {
            closeIdle();
        }
    }

    /** Takes a place for a connection; false if all loops together have as many as they may. */
    boolean tryCount() {
        if (count.incrementAndGet() <= limit) {
            return true;
        }
        count.decrementAndGet();
        return false;
    }

    /** Gives a place back that no connection was made for. */
    void uncount() {
        count.decrementAndGet();
    }

    void opened(UpstreamConnection connection) {
        open.add(connection);
    }

    /** Keeps it for the next request, unless there is no use for it. */
    boolean keep(UpstreamConnection connection) {
        if (retired || idle.size() >= maxIdle) {
            return false;
        }
        idle.push(connection);
        return true;
    }

    /**
     * Takes the connection that was used last; null if there is none, or if the server may be about to end that one and the
     * request could not be sent again.
     */
    @Nullable
    UpstreamConnection takeIdle(boolean repeatable) {
        UpstreamConnection latest = idle.peek();
        return latest == null || !latest.mayTake(repeatable) ? null : idle.poll();
    }

    boolean closeOneIdle() {
        UpstreamConnection oldest = idle.pollLast();
        if (oldest == null) {
            return false;
        }
        oldest.close();
        return true;
    }

    void closeIdle() {
        while (closeOneIdle()) {
            // until none is left
        }
    }

    /** Tells everyone who waits for this instance that it cannot be trusted any more. */
    void lost() {
        closeIdle();
        List.copyOf(open).forEach(UpstreamConnection::tellLoss);
    }

    void closed(UpstreamConnection connection) {
        if (open.remove(connection)) {
            idle.remove(connection);
            count.decrementAndGet();
        }
    }
}
