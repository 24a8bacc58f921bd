package io.github.lbkit.api.pool.spi;

import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.runtime.Scheduler;
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
    private final Duration drainTimeout;

    /** The drains under way, by server id. */
    private final Map<String, Drain> leaving = new HashMap<>();

    private Map<String, Server> named = Map.of();

    /**
     * One drain, compared by identity: a server may leave, return and leave again with equal parts, and the end of the
     * first drain must not end the second.
     */
    private static final class Drain {
        private final Server server;

        Drain(Server server) {
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
        this.drainTimeout = drain;
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
        leaving.values().removeIf(departing -> !alive.test(departing.server));
        List<Drain> left = new ArrayList<>();
        for (Server was : named.values()) {
            boolean drains = was.state() == Server.State.READY && !newest.containsKey(was.id()) && alive.test(was);
            if (drains && !drainTimeout.isZero()) {
                Drain departing = new Drain(was.withState(Server.State.DRAINING));
                leaving.put(was.id(), departing);
                left.add(departing);
            }
        }
        named = newest;
        publish();
        left.forEach(this::release);
    }

    /** Drains a server. The notifier completes the drain shortly after its deadline at the latest. */
    private void release(Drain departing) {
        var unused = notifier.release(departing.server, drainTimeout)
                .thenAccept(result -> scheduler.execute(() -> {
                    if (leaving.remove(departing.server.id(), departing)) {
                        publish();
                        departing
                                .server
                                .instance()
                                .ifPresent(instance -> notifier.happened(new PoolEvent.Drained(
                                        new InstanceId(departing.server.id(), instance.generation()), result)));
                    }
                }));
    }

    private void publish() {
        Map<String, Server> all = new TreeMap<>(named);
        leaving.forEach((id, departing) -> all.putIfAbsent(id, departing.server));
        notifier.publishIfChanged(List.copyOf(all.values()));
    }
}
