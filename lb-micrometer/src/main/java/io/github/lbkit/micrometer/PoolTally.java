package io.github.lbkit.micrometer;

import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.NoServer;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.SkipReason;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Counters of one balancer and its pool, which count whether a registry reads them or not. Thread-safe; servers join and leave
 * under this object's monitor, all else is striped counters.
 */
final class PoolTally {
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
    private final Map<String, ServerTally> servers = new ConcurrentHashMap<>();
    private final LoadBalancer balancer;

    /** Counters of servers that have left the pool; nothing reads them. */
    private final ServerTally discarded = new ServerTally("");

    PoolTally(LoadBalancer balancer) {
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

    /** Returns the counters of the members, and until {@link #follow} is called also of members that have left. */
    Collection<ServerTally> servers() {
        return servers.values();
    }

    /** Returns the counters of a server; {@link #discarded} if the server has left. */
    ServerTally of(Server server) {
        ServerTally known = servers.get(server.id());
        return known == null ? joined(server.id()) : known;
    }

    /** Returns the counters of a server that is not known yet: an attempt may begin before the event of the new member. */
    private synchronized ServerTally joined(String id) {
        return balancer.membership().server(id).isEmpty() ? discarded : servers.computeIfAbsent(id, ServerTally::new);
    }

    /** Returns the counters of a server by id; {@link #discarded} if the server has left. */
    ServerTally of(String id) {
        return servers.getOrDefault(id, discarded);
    }

    /** Forgets servers that are not in the newest membership, and begins to count those that are new in it. */
    synchronized void follow(Consumer<ServerTally> left) {
        Membership newest = balancer.membership();
        servers.values().removeIf(tally -> {
            boolean gone = newest.server(tally.id()).isEmpty();
            if (gone) {
                left.accept(tally);
            }
            return gone;
        });
        newest.servers().forEach(server -> servers.computeIfAbsent(server.id(), ServerTally::new));
    }
}
