package io.github.lbkit.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns memberships and overrides into snapshots, and drains what leaves. Writers exclude each other by this object's
 * monitor; listeners are called outside of it, in order, on the thread that wrote.
 */
final class SnapshotWriter implements PoolListener {
    private static final Logger LOG = LoggerFactory.getLogger(LoadBalancer.class);

    private final Policy policy;
    private final Scheduler scheduler;
    private final Protection protection;
    private final int stripes;
    private final List<InstanceListener> listeners = new CopyOnWriteArrayList<>();

    /** Written under the monitor, read by every call. */
    private volatile Snapshot snapshot;

    /** By (id, generation), also of instances that have left and are still in use. Guarded by the monitor. */
    private final Map<LoadKey, ServerLoad> loads = new HashMap<>();

    /** The operator's word by id. Guarded by the monitor. */
    private final Map<String, OperatorOverride> overrides = new TreeMap<>();

    private record LoadKey(String id, long generation) {}

    private record Lost(Server server, Instance instance) {}

    SnapshotWriter(Policy policy, int stripes, Scheduler scheduler, Function<SnapshotWriter, Protection> protection) {
        this.policy = policy;
        this.stripes = stripes;
        this.scheduler = scheduler;
        this.snapshot = new Snapshot(
                Membership.UNKNOWN,
                Snapshot.Table.EMPTY,
                new @Nullable Server[0],
                new @Nullable ServerLoad[0],
                new OperatorOverride[0],
                stripes);
        this.protection = protection.apply(this);
    }

    Protection protection() {
        return protection;
    }

    Snapshot snapshot() {
        return snapshot;
    }

    Subscription listen(InstanceListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void changed(Membership membership) {
        Snapshot before;
        Snapshot after;
        List<Lost> lost;
        synchronized (this) {
            before = snapshot;
            if (membership.version() <= before.membership.version()) {
                return;
            }
            after = build(membership, table(membership, before.table));
            publish(after);
            lost = lost(before.membership, after.membership);
        }
        protection.membersChanged();
        tell(l -> l.membershipChanged(before.membership, after.membership, before.table != after.table));
        lost.forEach(this::tellLost);
    }

    @Override
    public CompletionStage<DrainResult> release(Server server, Duration within) {
        ServerLoad load =
                server.instance().map(i -> load(server.id(), i.generation())).orElse(null);
        if (load == null) {
            return CompletableFuture.completedFuture(DrainResult.NOTHING);
        }
        load.close();
        int inFlight = load.inFlight();
        CompletableFuture<DrainResult> result = new CompletableFuture<>();
        Subscription timer = scheduler.schedule(within, () -> {
            int cut = Math.min(load.inFlight(), inFlight);
            result.complete(new DrainResult(inFlight - cut, cut));
        });
        CompletableFuture<Void> unused = load.idle().thenRun(() -> {
            timer.close();
            result.complete(new DrainResult(inFlight, 0));
        });
        return result;
    }

    @Override
    public void happened(PoolEvent event) {
        if (event instanceof PoolEvent.Lost lost) {
            Server server = snapshot.membership.server(lost.id()).orElse(null);
            Instance instance = server == null ? null : server.instance().orElse(null);
            if (server != null && instance != null && instance.generation() == lost.generation()) {
                tellLost(new Lost(server, instance));
            }
        }
        tellAll(l -> l.poolEvent(event));
    }

    OperatorOverride override(String id, OperatorOverride override) {
        OperatorOverride previous;
        Server server;
        synchronized (this) {
            server = snapshot.membership.server(id).orElse(null);
            previous = override == OperatorOverride.NONE ? overrides.remove(id) : overrides.put(id, override);
            publish(build(snapshot.membership, snapshot.table));
        }
        tellAll(l -> l.overridden(id, override));
        if (override == OperatorOverride.DOWN && server != null) {
            Server down = server;
            server.instance().ifPresent(instance -> tell(l -> l.instanceLost(down, instance)));
        }
        return previous == null ? OperatorOverride.NONE : previous;
    }

    synchronized List<ServerStatus> status() {
        List<ServerStatus> all = new ArrayList<>();
        for (Server server : snapshot.membership.servers()) {
            ServerLoad load = server.instance()
                    .map(i -> loads.get(new LoadKey(server.id(), i.generation())))
                    .orElse(null);
            all.add(new ServerStatus(
                    server,
                    overrides.getOrDefault(server.id(), OperatorOverride.NONE),
                    load == null ? 0 : load.inFlight(),
                    load == null ? 0 : load.latencyNanos()));
        }
        return all;
    }

    synchronized @Nullable ServerLoad load(String id, long generation) {
        return loads.get(new LoadKey(id, generation));
    }

    private Snapshot.Table table(Membership membership, Snapshot.Table before) {
        List<Member> members = membership.members(policy.labels());
        if (members.equals(before.members()) && before != Snapshot.Table.EMPTY) {
            return before;
        }
        try {
            Picker picker =
                    before == Snapshot.Table.EMPTY ? policy.picker(members) : policy.picker(members, before.picker());
            return new Snapshot.Table(members, picker);
        } catch (IllegalArgumentException e) {
            LOG.error(
                    "policy {} refuses membership version {}: {}; the table of before stays in force",
                    policy.name(),
                    membership.version(),
                    e.getMessage());
            return before;
        }
    }

    /** Opens the loads that the snapshot may use; the caller publishes it and then closes the others. */
    private Snapshot build(Membership membership, Snapshot.Table table) {
        int size = table.members().size();
        Map<String, Integer> positions = new HashMap<>();
        for (int i = 0; i < size; i++) {
            positions.put(table.members().get(i).id(), i);
        }
        @Nullable Server[] servers = new @Nullable Server[size];
        @Nullable ServerLoad[] used = new @Nullable ServerLoad[size];
        OperatorOverride[] words = new OperatorOverride[size];
        for (int i = 0; i < size; i++) {
            words[i] = overrides.getOrDefault(table.members().get(i).id(), OperatorOverride.NONE);
        }
        for (Server server : membership.servers()) {
            ServerLoad load = server.instance()
                    .map(i -> loads.computeIfAbsent(
                            new LoadKey(server.id(), i.generation()),
                            k -> protection.begin(server.id(), !snapshot.membership.isKnown(), stripes)))
                    .orElse(null);
            if (load != null && server.state() == Server.State.READY) {
                load.open();
            }
            Integer position = positions.get(server.id());
            if (position != null) {
                servers[position] = server;
                used[position] = load;
            }
        }
        return new Snapshot(membership, table, servers, used, words, stripes);
    }

    private void publish(Snapshot next) {
        snapshot = next;
        Set<LoadKey> open = new java.util.HashSet<>();
        for (Server server : next.membership.servers()) {
            if (server.state() == Server.State.READY) {
                server.instance().ifPresent(i -> open.add(new LoadKey(server.id(), i.generation())));
            }
        }
        loads.forEach((key, load) -> {
            if (!open.contains(key)) {
                load.close();
            }
        });
        loads.entrySet()
                .removeIf(e -> !open.contains(e.getKey())
                        && e.getValue().inFlight() == 0
                        && !present(next.membership, e.getKey()));
    }

    private static boolean present(Membership membership, LoadKey key) {
        return membership.server(key.id()).flatMap(Server::instance).stream()
                .anyMatch(i -> i.generation() == key.generation());
    }

    /** What was ready and is not to be trusted any more: neither draining nor replaced by a newer instance. */
    private static List<Lost> lost(Membership before, Membership after) {
        List<Lost> lost = new ArrayList<>();
        for (Server was : before.servers()) {
            Instance instance = was.instance().orElse(null);
            if (instance == null || was.state() == Server.State.STARTING || was.state() == Server.State.DOWN) {
                continue;
            }
            Server is = after.server(was.id()).orElse(null);
            boolean drained = was.state() == Server.State.DRAINING && is == null;
            boolean inService = is != null && (is.state() == Server.State.READY || is.state() == Server.State.DRAINING);
            if (!drained && !inService) {
                lost.add(new Lost(was, instance));
            }
        }
        return lost;
    }

    private void tellLost(Lost lost) {
        ServerLoad load = load(lost.server().id(), lost.instance().generation());
        if (load != null && load.tellLossOnce()) {
            tell(l -> l.instanceLost(lost.server(), lost.instance()));
        } else if (load == null) {
            tell(l -> l.instanceLost(lost.server(), lost.instance()));
        }
    }

    void tellAll(Consumer<LoadBalancerListener> call) {
        tell(l -> {
            if (l instanceof LoadBalancerListener all) {
                call.accept(all);
            }
        });
    }

    void tell(Consumer<InstanceListener> call) {
        for (InstanceListener listener : listeners) {
            try {
                call.accept(listener);
            } catch (RuntimeException e) {
                LOG.error(
                        "a listener of the balancer failed: {}",
                        listener.getClass().getName(),
                        e);
            }
        }
    }
}
