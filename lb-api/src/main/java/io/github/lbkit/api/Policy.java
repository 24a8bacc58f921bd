package io.github.lbkit.api;

import java.util.List;

/** How to choose a server, as configuration: makes a picker for each table of members. Immutable, thread-safe. */
public interface Policy {
    /** The name under which people know it. */
    String name();

    /**
     * The picker of these members.
     *
     * @param members by id
     * @throws IllegalArgumentException if they do not fit this policy; the message says why and what would
     */
    Picker picker(List<Member> members);

    /** The picker of these members, made from that of the members before where this is cheaper; equal to a new one. */
    default Picker picker(List<Member> members, Picker previous) {
        return picker(members);
    }
}
