package io.github.lbkit.api;

import java.util.List;
import java.util.Set;

/** How to choose a server, as configuration: makes a picker for each table of members. Immutable, thread-safe. */
public interface Policy {
    /** The name under which people know it. */
    String name();

    /**
     * The picker of these members.
     *
     * @param members by id, with the {@link #labels} that this policy reads and no others
     * @throws IllegalArgumentException if they do not fit this policy; the message says why and what would
     */
    Picker picker(List<Member> members);

    /**
     * Whether its pickers look at the {@link LoadView} that they are given. If they do not, each processor counts what is in
     * flight on cache lines of its own, so that picks do not slow each other down. True unless a policy says otherwise.
     */
    default boolean readsLoad() {
        return true;
    }

    /**
     * The names of the labels that its pickers read; none unless a policy says otherwise. A balancer hides all other labels
     * from the policy, and makes a new picker when an id, a weight or one of these labels changed. A policy that wraps
     * another returns the labels of the other.
     */
    default Set<String> labels() {
        return Set.of();
    }

    /** The picker of these members, made from that of the members before where this is cheaper; equal to a new one. */
    default Picker picker(List<Member> members, Picker previous) {
        return picker(members);
    }
}
