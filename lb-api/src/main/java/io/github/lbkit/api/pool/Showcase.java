package io.github.lbkit.api.pool;

import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.Subscription;
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
public final class Showcase {
    private static final Duration DRAIN_MARGIN = Duration.ofMillis(500);

    private final Notifier notifier;
    private final Scheduler scheduler;
    private final Duration drain;
    private final Map<String, Server> leaving = new HashMap<>();
    private Map<String, Server> named = Map.of();

    /**
     * Nothing is named yet.
     *
     * @param notifier where the membership is published; nobody else publishes there
     * @param scheduler the pool's, the notifier's too
     * @param drain how long listeners may take to let go; zero ends attempts on what leaves at once
     */
    public Showcase(Notifier notifier, Scheduler scheduler, Duration drain) {
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
        leaving.values().removeIf(server -> !alive.test(server));
        List<Server> left = new ArrayList<>();
        for (Server was : named.values()) {
            boolean drains = was.state() == Server.State.READY && !newest.containsKey(was.id()) && alive.test(was);
            if (drains && !drain.isZero()) {
                Server draining = was.withState(Server.State.DRAINING);
                leaving.put(was.id(), draining);
                left.add(draining);
            }
        }
        named = newest;
        publish();
        left.forEach(this::release);
    }

    private void release(Server server) {
        Subscription deadline = scheduler.schedule(drain.plus(DRAIN_MARGIN), () -> gone(server));
        var unused = notifier.release(server, drain)
                .whenComplete((result, e) -> scheduler.execute(() -> {
                    deadline.close();
                    if (gone(server) && e == null) {
                        server.instance()
                                .ifPresent(i ->
                                        notifier.happened(new PoolEvent.Drained(server.id(), i.generation(), result)));
                    }
                }));
    }

    private boolean gone(Server server) {
        boolean removed = leaving.remove(server.id(), server);
        if (removed) {
            publish();
        }
        return removed;
    }

    private void publish() {
        Map<String, Server> all = new TreeMap<>(named);
        leaving.forEach(all::putIfAbsent);
        List<Server> servers = List.copyOf(all.values());
        Membership before = notifier.membership();
        if (!before.isKnown()) {
            notifier.publish(Membership.of(1, servers));
        } else if (!before.servers().equals(servers)) {
            notifier.publish(before.next(servers));
        }
    }
}
