package io.github.lbkit.api.internal.snapshot;

import io.github.lbkit.api.LoadView;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.OperatorOverride;
import io.github.lbkit.api.internal.load.LoadCounter;
import io.github.lbkit.api.internal.load.ServerLoad;
import org.jspecify.annotations.Nullable;

/**
 * An immutable snapshot that calls read: a membership, the routing table in force for the membership, and the load of
 * each member. All indexes are positions in the routing table.
 */
public final class Snapshot implements LoadView {
    /** The snapshot before the first membership. */
    public static final Snapshot EMPTY = empty(1);

    private final Membership membership;
    private final RoutingTable table;
    private final @Nullable Server[] servers;
    private final @Nullable ServerLoad[] loads;
    private final OperatorOverride[] overrides;

    /** The load counters of the members that {@link Filters#fixed} lets pass, one row for each group of threads. */
    private final Row[] ready;

    private final long readyWeight;

    /**
     * Creates a snapshot. The arrays are indexed like the table and are not copied.
     *
     * @param servers null where the membership no longer contains the member
     * @param loads null where a server has no instance
     * @param counters the number of load counters of each instance, a power of two
     */
    public Snapshot(
            Membership membership,
            RoutingTable table,
            @Nullable Server[] servers,
            @Nullable ServerLoad[] loads,
            OperatorOverride[] overrides,
            int counters) {
        this.membership = membership;
        this.table = table;
        this.servers = servers;
        this.loads = loads;
        this.overrides = overrides;
        this.ready = new Row[counters];
        for (int group = 0; group < counters; group++) {
            ready[group] = new Row(servers.length);
        }
        long weight = 0;
        for (int i = 0; i < servers.length; i++) {
            ServerLoad load = loads[i];
            if (load != null && Filters.fixed(servers[i], load, overrides[i]) == null) {
                for (int group = 0; group < counters; group++) {
                    ready[group].counters[i] = load.counter(group);
                }
                weight += weight(i);
            }
        }
        this.readyWeight = weight;
    }

    /** Returns the snapshot before the first membership, for this number of load counters. */
    public static Snapshot empty(int counters) {
        return new Snapshot(
                Membership.UNKNOWN,
                RoutingTable.EMPTY,
                new @Nullable Server[0],
                new @Nullable ServerLoad[0],
                new OperatorOverride[0],
                counters);
    }

    /** Returns the membership. */
    public Membership membership() {
        return membership;
    }

    /** Returns the routing table in force; the table of an earlier membership if the policy refused this one. */
    public RoutingTable table() {
        return table;
    }

    /** Returns the number of members of the routing table. */
    public int size() {
        return servers.length;
    }

    /** Returns the server; null if the membership no longer contains the member. */
    public @Nullable Server server(int index) {
        return servers[index];
    }

    /** Returns the load of the server's instance; null if the server has no instance. */
    public @Nullable ServerLoad load(int index) {
        return loads[index];
    }

    /** Returns the operator's override of the server. */
    public OperatorOverride override(int index) {
        return overrides[index];
    }

    /** Returns the sum of the weights of all servers that are ready and not overridden. */
    public long readyWeight() {
        return readyWeight;
    }

    /** Returns the calling thread's load counter of each member; null for a member that no call may take. */
    public @Nullable LoadCounter[] ready() {
        return ready[LoadCounter.ofThread(ready.length)].counters;
    }

    /** Returns whether the member is ready and not overridden. */
    public boolean isReady(int index) {
        return ready[0].counters[index] != null;
    }

    /** Returns the weight of the member. */
    public int weight(int index) {
        return table.members().get(index).weight();
    }

    @Override
    public int inFlight(int index) {
        LoadCounter single = single(index);
        if (single != null) {
            return single.inFlightOfAllStays();
        }
        ServerLoad load = loads[index];
        return load == null ? 0 : load.inFlight();
    }

    @Override
    public long latencyNanos(int index) {
        LoadCounter single = single(index);
        if (single != null) {
            return single.latencyNanos();
        }
        ServerLoad load = loads[index];
        return load == null ? 0 : load.latencyNanos();
    }

    /** Returns the only load counter of a ready member; null if there are several counters. */
    private @Nullable LoadCounter single(int index) {
        return ready.length == 1 ? ready[0].counters[index] : null;
    }

    /** The load counters of one group of threads, by the table's index; null where no call may take the member. */
    private static final class Row {
        private final @Nullable LoadCounter[] counters;

        Row(int members) {
            counters = new @Nullable LoadCounter[members];
        }
    }
}
