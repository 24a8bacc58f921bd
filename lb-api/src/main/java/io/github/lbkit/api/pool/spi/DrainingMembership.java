package io.github.lbkit.api.pool.spi;

import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The membership of a pool that does not run its servers: the listed servers, and the removed ones until the listeners
 * have released them. Publishes a snapshot for each change, and none if nothing has changed. For authors of pools.
 * Confined to the pool's scheduler.
 */
public final class DrainingMembership {
    private final Notifier notifier;
    private final Scheduler scheduler;
    private final Duration drain;

    /** The drains under way, by server id. */
    private final Map<String, Leaving> leaving = new HashMap<>();

    private Map<String, Server> named = Map.of();

    /**
     * One drain, compared by identity: a server may leave, return and leave again with equal parts, and the end of the
     * first drain must not end the second.
     */
    private static final class Leaving {
        private final Server server;

        Leaving(Server server) {
            this.server = server;
        }
    }

    /**
     * Creates a membership without listed servers.
     *
     * @param notifier the notifier to publish to; no other code publishes there
     * @param scheduler the scheduler of the pool and of the notifier
     * @param drain the maximum time of a drain; zero ends the attempts on a removed server at once
     */
    public DrainingMembership(Notifier notifier, Scheduler scheduler, Duration drain) {
        this.notifier = notifier;
        this.scheduler = scheduler;
        this.drain = drain;
    }

    /**
     * Replaces the listed servers, which may be in any state.
     *
     * @param servers the listed servers, each id once
     * @param alive whether a removed instance still runs, so that its attempts may finish
     */
    public void show(Collection<Server> servers, Predicate<Server> alive) {
        Map<String, Server> newest = new TreeMap<>();
        servers.forEach(server -> newest.put(server.id(), server));
        leaving.keySet().removeAll(newest.keySet());
        leaving.values().removeIf(one -> !alive.test(one.server));
        List<Leaving> left = new ArrayList<>();
        for (Server was : named.values()) {
            boolean drains = was.state() == Server.State.READY && !newest.containsKey(was.id()) && alive.test(was);
            if (drains && !drain.isZero()) {
                Leaving one = new Leaving(was.withState(Server.State.DRAINING));
                leaving.put(was.id(), one);
                left.add(one);
            }
        }
        named = newest;
        publish();
        left.forEach(this::release);
    }

    /** Drains a server. The notifier completes the drain shortly after its deadline at the latest. */
    private void release(Leaving one) {
        var unused = notifier.release(one.server, drain)
                .thenAccept(result -> scheduler.execute(() -> {
                    if (leaving.remove(one.server.id(), one)) {
                        publish();
                        one.server
                                .instance()
                                .ifPresent(instance -> notifier.happened(
                                        new PoolEvent.Drained(one.server.id(), instance.generation(), result)));
                    }
                }));
    }

    private void publish() {
        Map<String, Server> all = new TreeMap<>(named);
        leaving.forEach((id, one) -> all.putIfAbsent(id, one.server));
        List<Server> servers = List.copyOf(all.values());
        Membership before = notifier.membership();
        if (!before.isKnown()) {
            notifier.publish(Membership.of(1, servers));
        } else if (!before.servers().equals(servers)) {
            notifier.publish(before.next(servers));
        }
    }
}
