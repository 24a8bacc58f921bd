package io.github.lbkit.micrometer;

import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.NoServer;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.SkipReason;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * The counters of one balancer and its pool, which count whether a registry reads them or not. Thread-safe: servers
 * join and leave under this object's monitor; everything else is in striped counters.
 */
final class PoolCounters {
    final LongAdder requests = new LongAdder();
    final LongAdder retries = new LongAdder();
    final LongAdder losses = new LongAdder();
    final LongAdder respawns = new LongAdder();
    final LongAdder launchFailures = new LongAdder();
    final LongAdder streamReopenings = new LongAdder();
    final LongAdder drains = new LongAdder();
    final LongAdder drainedFinished = new LongAdder();
    final LongAdder drainedCut = new LongAdder();

    private final Map<SkipReason, LongAdder> skips = new EnumMap<>(SkipReason.class);
    private final Map<NoServer.Reason, LongAdder> unserved = new EnumMap<>(NoServer.Reason.class);
    private final Map<String, ServerCounters> servers = new ConcurrentHashMap<>();
    private final LoadBalancer balancer;

    /** Collects the counts of servers that have left the pool; never read. */
    private final ServerCounters discarded = new ServerCounters("");

    PoolCounters(LoadBalancer balancer) {
        this.balancer = balancer;
        for (SkipReason reason : SkipReason.values()) {
            skips.put(reason, new LongAdder());
        }
        for (NoServer.Reason reason : NoServer.Reason.values()) {
            unserved.put(reason, new LongAdder());
        }
    }

    Map<SkipReason, LongAdder> skips() {
        return skips;
    }

    Map<NoServer.Reason, LongAdder> unserved() {
        return unserved;
    }

    /**
     * Returns the counters of all members. Until the next call of {@link #follow}, this includes members that have
     * left.
     */
    Collection<ServerCounters> servers() {
        return servers.values();
    }

    /** Returns the counters of a server; {@link #discarded} if the server has left. */
    ServerCounters of(Server server) {
        ServerCounters known = servers.get(server.id());
        return known == null ? joined(server.id()) : known;
    }

    /** Returns the counters of an unknown server: an attempt may begin before the event of the new member. */
    private synchronized ServerCounters joined(String id) {
        return balancer.membership().server(id).isEmpty()
                ? discarded
                : servers.computeIfAbsent(id, ServerCounters::new);
    }

    /** Returns the counters of the server with this id; {@link #discarded} if the server has left. */
    ServerCounters of(String id) {
        return servers.getOrDefault(id, discarded);
    }

    /** Removes the counters of servers that have left the membership, and adds counters for new servers. */
    synchronized void follow(Consumer<ServerCounters> left) {
        Membership newest = balancer.membership();
        servers.values().removeIf(counters -> {
            boolean gone = newest.server(counters.id()).isEmpty();
            if (gone) {
                left.accept(counters);
            }
            return gone;
        });
        newest.servers().forEach(server -> servers.computeIfAbsent(server.id(), ServerCounters::new));
    }
}
