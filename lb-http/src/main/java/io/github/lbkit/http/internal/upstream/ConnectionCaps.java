package io.github.lbkit.http.internal.upstream;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How many connections there are to each instance, over all loops, and how many there may be. Thread-safe. */
public final class ConnectionCaps {
    private final int limit;
    private final Map<InstanceKey, AtomicInteger> counts = new ConcurrentHashMap<>();

    /** At most so many connections to one instance. */
    public ConnectionCaps(int limit) {
        this.limit = limit;
    }

    /** How many connections to one instance there may be. */
    public int limit() {
        return limit;
    }

    /** The counter of an instance, which lives on with whoever holds it. */
    AtomicInteger count(InstanceKey key) {
        return counts.computeIfAbsent(key, k -> new AtomicInteger());
    }

    /** Gives back a place for a connection that no connection was made for. */
    public void giveBack(InstanceKey key) {
        count(key).decrementAndGet();
    }

    /** Forgets instances that are not there any more. */
    public void retain(Set<InstanceKey> present) {
        counts.keySet().retainAll(present);
    }

    /** How many connections to this generation of a server are open. */
    public int open(String id, long generation) {
        return counts.entrySet().stream()
                .filter(one -> one.getKey().id().equals(id) && one.getKey().generation() == generation)
                .mapToInt(one -> one.getValue().get())
                .sum();
    }

    /** How many connections are open to the instances that are there. */
    public int open() {
        return counts.values().stream().mapToInt(AtomicInteger::get).sum();
    }
}
