package io.github.lbkit.http.internal.upstream;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The number of connections of all loops to each instance, and its maximum. Thread-safe. */
public final class ConnectionCaps {
    private final int limit;
    private final Map<InstanceKey, AtomicInteger> counts = new ConcurrentHashMap<>();

    /** Creates counts with this maximum for each instance. */
    public ConnectionCaps(int limit) {
        this.limit = limit;
    }

    /** Returns the maximum number of connections to one instance. */
    public int limit() {
        return limit;
    }

    /** Returns the counter of an instance. It stays valid after {@link #retain} has removed it. */
    AtomicInteger count(InstanceKey key) {
        return counts.computeIfAbsent(key, k -> new AtomicInteger());
    }

    /** Releases the permit for a connection that was not made. */
    public void release(InstanceKey key) {
        count(key).decrementAndGet();
    }

    /** Removes the counters of all other instances. */
    public void retain(Set<InstanceKey> present) {
        counts.keySet().retainAll(present);
    }

    /** Returns the number of open connections to this generation of a server. */
    public int open(String id, long generation) {
        return counts.entrySet().stream()
                .filter(entry ->
                        entry.getKey().id().equals(id) && entry.getKey().generation() == generation)
                .mapToInt(entry -> entry.getValue().get())
                .sum();
    }

    /** Returns the number of open connections to all instances. */
    public int open() {
        return counts.values().stream().mapToInt(AtomicInteger::get).sum();
    }
}
