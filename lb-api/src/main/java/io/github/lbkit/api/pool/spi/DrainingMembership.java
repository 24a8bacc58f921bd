package io.github.lbkit.api.pool.spi;

import io.github.lbkit.api.InstanceId;
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
 * The membership of a pool that does not run its servers: those it names now, and those it does not name any more until
 * the listeners have let go of them. Publishes a snapshot for each change, and none where nothing changed. Confined to
 * the pool's scheduler.
 */
public final class DrainingMembership {
    private final Notifier notifier;
    private final Scheduler scheduler;
    private final Duration drain;

    /** By server id. */
    private final Map<String, Leaving> leaving = new HashMap<>();

    private Map<String, Server> named = Map.of();

    /**
     * One drain. It is known by its identity, since a server may leave, return and leave again with all the same parts:
     * that is another drain, which the end of the first must not end.
     */
    private static final class Leaving {
        private final Server server;

        Leaving(Server server) {
            this.server = server;
        }
    }

    /**
     * Nothing is named yet.
     *
     * @param notifier where the membership is published; nobody else publishes there
     * @param scheduler the pool's, the notifier's too
     * @param drain how long listeners may take to let go; zero ends attempts on what leaves at once
     */
    public DrainingMembership(Notifier notifier, Scheduler scheduler, Duration drain) {
        this.notifier = notifier;
        this.scheduler = scheduler;
        this.drain = drain;
    }

    /**
     * Names these servers from now on, in whatever state they are.
     *
     * @param servers each id once
     * @param alive whether an instance that is not named any more still runs, so that its attempts may finish
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

    /** The notifier answers in any case, shortly after the time is over at the latest. */
    private void release(Leaving one) {
        var unused = notifier.release(one.server, drain)
                .thenAccept(result -> scheduler.execute(() -> {
                    if (leaving.remove(one.server.id(), one)) {
                        publish();
                        one.server
                                .instance()
                                .ifPresent(instance -> notifier.happened(new PoolEvent.Drained(
                                        new InstanceId(one.server.id(), instance.generation()), result)));
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
