package io.github.lbkit.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a call works on: a membership, the routing table in force for it, and each member's load. Immutable arrays. */
final class Snapshot implements LoadView {
    final Membership membership;
    final Table table;

    /** By the table's index; null where the membership no longer has the member. */
    final @Nullable Server[] servers;

    /** By the table's index; null where a server has no instance. */
    final @Nullable ServerLoad[] loads;

    /** By the table's index. */
    final OperatorOverride[] overrides;

    /** By the table's index; null where {@link Filters#fixed} passes the member by. */
    final @Nullable ServerLoad[] ready;

    /** The weights of those that are ready and not held back, added up. */
    final long readyWeight;

    Snapshot(
            Membership membership,
            Table table,
            @Nullable Server[] servers,
            @Nullable ServerLoad[] loads,
            OperatorOverride[] overrides) {
        this.membership = membership;
        this.table = table;
        this.servers = servers;
        this.loads = loads;
        this.overrides = overrides;
        this.ready = new @Nullable ServerLoad[servers.length];
        long weight = 0;
        for (int i = 0; i < servers.length; i++) {
            if (Filters.fixed(servers[i], loads[i], overrides[i]) == null) {
                ready[i] = loads[i];
                weight += weight(i);
            }
        }
        this.readyWeight = weight;
    }

    int weight(int index) {
        return table.members().get(index).weight();
    }

    @Override
    public int inFlight(int index) {
        ServerLoad load = loads[index];
        return load == null ? 0 : load.inFlight();
    }

    @Override
    public long latencyNanos(int index) {
        ServerLoad load = loads[index];
        return load == null ? 0 : load.latencyNanos();
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
