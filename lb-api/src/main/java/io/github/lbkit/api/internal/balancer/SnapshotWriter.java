package io.github.lbkit.api.internal.balancer;

import io.github.lbkit.api.DrainResult;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.Policy;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.explain.OperatorOverride;
import io.github.lbkit.api.internal.ThrownText;
import io.github.lbkit.api.internal.event.StateListeners;
import io.github.lbkit.api.internal.load.ServerLoad;
import io.github.lbkit.api.internal.protection.LoadRegistry;
import io.github.lbkit.api.internal.protection.Protection;
import io.github.lbkit.api.internal.snapshot.RoutingTable;
import io.github.lbkit.api.internal.snapshot.Snapshot;
import io.github.lbkit.api.runtime.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The writer of snapshots: builds a snapshot from each membership and override, and drains instances that leave.
 * Writers exclude each other by this object's monitor; listeners are called outside the monitor.
 *
 * <p>An instance's stay in the membership has one {@link ServerLoad}. When the instance leaves, its load is closed and
 * kept until its attempts have ended. An instance that returns, even with the same generation, gets a new load.
 */
public final class SnapshotWriter implements PoolListener, LoadRegistry {
    private final Policy policy;
    private final Scheduler scheduler;
    private final StateListeners listeners;
    private final Protection protection;
    private final int counters;

    /** Written under the monitor, read by every call. */
    private volatile Snapshot snapshot;

    /** The loads of all instances of the membership. Guarded by the monitor. */
    private final Map<InstanceId, ServerLoad> loads = new HashMap<>();

    /** The closed loads of instances that left, while attempts are in flight. Guarded by the monitor. */
    private final Map<InstanceId, List<ServerLoad>> leaving = new HashMap<>();

    /** The operator's overrides by server id. Guarded by the monitor. */
    private final Map<String, OperatorOverride> overrides = new TreeMap<>();

    private record Lost(Server server, Instance instance) {}

    /**
     * Creates a writer without a membership.
     *
     * @param counters the number of load counters of each instance
     * @param protection creates the protection over this registry
     */
    public SnapshotWriter(
            Policy policy,
            int counters,
            Scheduler scheduler,
            StateListeners listeners,
            Function<LoadRegistry, Protection> protection) {
        this.policy = policy;
        this.counters = counters;
        this.scheduler = scheduler;
        this.listeners = listeners;
        this.snapshot = Snapshot.empty(counters);
        this.protection = protection.apply(this);
    }

    /** Returns the protection. */
    public Protection protection() {
        return protection;
    }

    /** Returns the listeners of state changes. */
    public StateListeners listeners() {
        return listeners;
    }

    @Override
    public Snapshot snapshot() {
        return snapshot;
    }

    @Override
    public void changed(Membership membership) {
        synchronized (this) {
            Snapshot before = snapshot;
            if (membership.version() <= before.membership().version()) {
                return;
            }
            Snapshot after = build(membership, table(membership, before.table()));
            publish(after);
            boolean newTable = before.table() != after.table();
            listeners.add(l -> l.membershipChanged(before.membership(), after.membership(), newTable));
            lost(before.membership(), after.membership()).forEach(this::addLost);
        }
        protection.recount();
        protection.membersChanged(membership);
        listeners.deliver();
    }

    @Override
    public CompletionStage<DrainResult> release(Server server, Duration within) {
        List<ServerLoad> stays =
                server.instance().map(i -> stays(server.id(), i.generation())).orElse(List.of());
        if (stays.isEmpty()) {
            return CompletableFuture.completedFuture(DrainResult.NOTHING);
        }
        stays.forEach(ServerLoad::close);
        int inFlight = inFlight(stays);
        CompletableFuture<DrainResult> result = new CompletableFuture<>();
        AtomicBoolean over =
                new AtomicBoolean(); // listeners may end attempts at the deadline, which are cut all the same
        Subscription timer = scheduler.schedule(within, () -> {
            int cut = Math.min(inFlight(stays), inFlight);
            if (over.compareAndSet(false, true)) {
                expired(server, cut);
                result.complete(new DrainResult(inFlight - cut, cut));
            }
        });
        CompletableFuture<?>[] idle = stays.stream().map(ServerLoad::idle).toArray(CompletableFuture<?>[]::new);
        CompletableFuture<Void> unused = CompletableFuture.allOf(idle).thenRun(() -> {
            if (over.compareAndSet(false, true)) {
                timer.close();
                result.complete(new DrainResult(inFlight, 0));
            }
        });
        return result;
    }

    /** Notifies the listeners of the deadline of a drain, if attempts are still in flight. */
    private void expired(Server server, int cut) {
        if (cut > 0) {
            server.instance().ifPresent(i -> listeners.add(l -> l.drainExpired(server, i)));
            listeners.deliver();
        }
    }

    private static int inFlight(List<ServerLoad> stays) {
        return stays.stream().mapToInt(ServerLoad::inFlightOfThisStay).sum();
    }

    private synchronized List<ServerLoad> stays(String id, long generation) {
        InstanceId key = new InstanceId(id, generation);
        List<ServerLoad> all = new ArrayList<>(leaving.getOrDefault(key, List.of()));
        ServerLoad present = loads.get(key);
        if (present != null) {
            all.add(present);
        }
        return all;
    }

    @Override
    public void happened(PoolEvent event) {
        if (event instanceof PoolEvent.Lost lost) {
            Server server = snapshot.membership().server(lost.id()).orElse(null);
            Instance instance = server == null ? null : server.instance().orElse(null);
            if (server != null && instance != null && instance.generation() == lost.generation()) {
                addLost(new Lost(server, instance));
            }
        }
        listeners.addForAll(l -> l.poolEvent(event));
        listeners.deliver();
    }

    /** Sets the operator's override of a server; returns the override before. */
    public OperatorOverride override(String id, OperatorOverride override) {
        OperatorOverride previous;
        synchronized (this) {
            Server server = snapshot.membership().server(id).orElse(null);
            previous = override == OperatorOverride.NONE ? overrides.remove(id) : overrides.put(id, override);
            publish(build(snapshot.membership(), snapshot.table()));
            listeners.addForAll(l -> l.overridden(id, override));
            if (override == OperatorOverride.DOWN && server != null) {
                server.instance().ifPresent(i -> listeners.add(l -> l.instanceLost(server, i)));
            }
        }
        protection.recount();
        listeners.deliver();
        return previous == null ? OperatorOverride.NONE : previous;
    }

    /** Returns the operator's override of a server. */
    public synchronized OperatorOverride override(String id) {
        return overrides.getOrDefault(id, OperatorOverride.NONE);
    }

    @Override
    public synchronized @Nullable ServerLoad load(InstanceId id) {
        return loads.get(id);
    }

    private RoutingTable table(Membership membership, RoutingTable before) {
        try {
            List<Member> members = membership.members(policy.labels());
            if (members.equals(before.members()) && before != RoutingTable.EMPTY) {
                return before;
            }
            Picker picker =
                    before == RoutingTable.EMPTY ? policy.picker(members) : policy.picker(members, before.picker());
            return new RoutingTable(members, picker);
        } catch (Throwable e) { // a policy may throw anything
            String reason = e instanceof IllegalArgumentException ? ThrownText.message(e) : ThrownText.of(e);
            listeners.addForAll(
                    l -> l.membershipRefused(membership, policy.getClass().getName() + ": " + reason));
            return before;
        }
    }

    /** Builds a snapshot and opens the loads of ready instances; {@link #publish} closes the others. */
    private Snapshot build(Membership membership, RoutingTable table) {
        int size = table.members().size();
        Map<String, Integer> positions = new HashMap<>();
        for (int i = 0; i < size; i++) {
            positions.put(table.members().get(i).id(), i);
        }
        @Nullable Server[] servers = new @Nullable Server[size];
        @Nullable ServerLoad[] loadByIndex = new @Nullable ServerLoad[size];
        OperatorOverride[] overrideByIndex = new OperatorOverride[size];
        for (int i = 0; i < size; i++) {
            overrideByIndex[i] = overrides.getOrDefault(table.members().get(i).id(), OperatorOverride.NONE);
        }
        for (Server server : membership.servers()) {
            ServerLoad load = server.instance()
                    .map(i -> loads.computeIfAbsent(new InstanceId(server.id(), i.generation()), this::begin))
                    .orElse(null);
            if (load != null && server.state() == Server.State.READY) {
                load.open();
            }
            Integer position = positions.get(server.id());
            if (position != null) {
                servers[position] = server;
                loadByIndex[position] = load;
            }
        }
        return new Snapshot(membership, table, servers, loadByIndex, overrideByIndex, counters);
    }

    private ServerLoad begin(InstanceId key) {
        boolean warm = !snapshot.membership().isKnown();
        return protection.begin(key.serverId(), warm, counters, leaving.getOrDefault(key, List.of()));
    }

    private void publish(Snapshot next) {
        snapshot = next;
        Set<InstanceId> open = new HashSet<>();
        Set<InstanceId> present = new HashSet<>();
        for (Server server : next.membership().servers()) {
            server.instance().ifPresent(i -> {
                InstanceId key = new InstanceId(server.id(), i.generation());
                present.add(key);
                if (server.state() == Server.State.READY) {
                    open.add(key);
                }
            });
        }
        loads.forEach((key, load) -> {
            if (!open.contains(key)) {
                load.close();
            }
            if (!present.contains(key)) {
                leaving.computeIfAbsent(key, k -> new ArrayList<>()).add(load);
            }
        });
        loads.keySet().retainAll(present);
        leaving.values().forEach(stays -> stays.removeIf(load -> load.inFlightOfThisStay() == 0));
        leaving.values().removeIf(List::isEmpty);
    }

    /**
     * Returns the instances that served before and can no longer be trusted: neither draining nor replaced by a newer
     * instance.
     */
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

    private void addLost(Lost lost) {
        ServerLoad load = anyLoad(lost.server().id(), lost.instance().generation());
        if (load == null || load.reportLossOnce()) {
            listeners.add(l -> l.instanceLost(lost.server(), lost.instance()));
        }
    }

    /** Returns the load of the instance's newest stay. */
    private @Nullable ServerLoad anyLoad(String id, long generation) {
        List<ServerLoad> stays = stays(id, generation);
        return stays.isEmpty() ? null : stays.get(stays.size() - 1);
    }
}
