package io.github.lbkit.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a call works on: a membership, the routing table in force for it, and each member's load. Immutable arrays. */
final class Snapshot implements LoadView {
    /** Nothing is known yet. */
    static final Snapshot EMPTY = new Snapshot(
            Membership.UNKNOWN,
            Table.EMPTY,
            new @Nullable Server[0],
            new @Nullable ServerLoad[0],
            new OperatorOverride[0],
            1);

    final Membership membership;
    final Table table;

    /** By the table's index; null where the membership no longer has the member. */
    final @Nullable Server[] servers;

    /** By the table's index; null where a server has no instance. */
    final @Nullable ServerLoad[] loads;

    /** By the table's index. */
    final OperatorOverride[] overrides;

    /** By the number of the stripe, those that {@link Filters#fixed} does not pass by. */
    private final Row[] ready;

    /** The weights of those that are ready and not held back, added up. */
    final long readyWeight;

    Snapshot(
            Membership membership,
            Table table,
            @Nullable Server[] servers,
            @Nullable ServerLoad[] loads,
            OperatorOverride[] overrides,
            int stripes) {
        this.membership = membership;
        this.table = table;
        this.servers = servers;
        this.loads = loads;
        this.overrides = overrides;
        this.ready = new Row[stripes];
        for (int stripe = 0; stripe < stripes; stripe++) {
            ready[stripe] = new Row(servers.length);
        }
        long weight = 0;
        for (int i = 0; i < servers.length; i++) {
            ServerLoad load = loads[i];
            if (load != null && Filters.fixed(servers[i], load, overrides[i]) == null) {
                for (int stripe = 0; stripe < stripes; stripe++) {
                    ready[stripe].stripes[i] = load.stripe(stripe);
                }
                weight += weight(i);
            }
        }
        this.readyWeight = weight;
    }

    /** What the calling thread's stripe has of each member that may be taken, by the table's index. */
    @Nullable
    Stripe[] ready() {
        return ready[Stripe.ofThread(ready.length)].stripes;
    }

    /** Whether the member is ready and not held back. */
    boolean isReady(int index) {
        return ready[0].stripes[index] != null;
    }

    int weight(int index) {
        return table.members().get(index).weight();
    }

    @Override
    public int inFlight(int index) {
        Stripe all = only(index);
        if (all != null) {
            return all.inFlightOfAllStays();
        }
        ServerLoad load = loads[index];
        return load == null ? 0 : load.inFlight();
    }

    @Override
    public long latencyNanos(int index) {
        Stripe all = only(index);
        if (all != null) {
            return all.latencyNanos();
        }
        ServerLoad load = loads[index];
        return load == null ? 0 : load.latencyNanos();
    }

    /** All of what is in flight to a member that may be taken; null if it is in several stripes. */
    private @Nullable Stripe only(int index) {
        return ready.length == 1 ? ready[0].stripes[index] : null;
    }

    /** One stripe of each member, by the table's index; null where the member may not be taken. */
    private static final class Row {
        private final @Nullable Stripe[] stripes;

        Row(int members) {
            stripes = new @Nullable Stripe[members];
        }
    }

    /** A policy's picker and the members it was made of; two tables are the same only if they are one object. */
    static final class Table {
        static final Table EMPTY = new Table(List.of(), (key, cursor, load) -> -1);

        private final List<Member> members;
        private final Picker picker;
        private final boolean byKey;

        Table(List<Member> members, Picker picker) {
            this.members = members;
            this.picker = picker;
            this.byKey = picker.router().isPresent();
        }

        /** Whether the picker routes by key. */
        boolean byKey() {
            return byKey;
        }

        /** By id; positions are the picker's indexes. */
        List<Member> members() {
            return members;
        }

        Picker picker() {
            return picker;
        }
    }
}
