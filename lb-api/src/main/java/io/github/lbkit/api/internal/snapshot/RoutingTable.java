package io.github.lbkit.api.internal.snapshot;

import io.github.lbkit.api.Member;
import io.github.lbkit.api.Picker;
import java.util.List;

/** A policy's picker and the members that it was built from. Immutable. Tables are compared by identity. */
public final class RoutingTable {
    /** The table before the first membership: no members, no candidates. */
    public static final RoutingTable EMPTY = new RoutingTable(List.of(), (key, cursor, load) -> -1);

    private final List<Member> members;
    private final Picker picker;
    private final boolean byKey;

    /** Creates the table of a picker over these members. */
    public RoutingTable(List<Member> members, Picker picker) {
        this.members = members;
        this.picker = picker;
        this.byKey = picker.router().isPresent();
    }

    /** Returns whether the picker routes by key. */
    public boolean byKey() {
        return byKey;
    }

    /** Returns the members by id; their positions are the picker's indexes. */
    public List<Member> members() {
        return members;
    }

    /** Returns the picker. */
    public Picker picker() {
        return picker;
    }
}
