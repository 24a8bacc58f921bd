package io.github.lbkit.api;

import java.util.List;
import java.util.Set;

/**
 * A rule for choosing a server, as configuration: creates a picker for each list of members. Immutable, thread-safe.
 */
public interface Policy {
    /** Returns the name of the policy, for people. */
    String name();

    /**
     * Returns the picker of these members.
     *
     * @param members by id, with only the {@link #labels} that this policy reads
     * @throws IllegalArgumentException if this policy cannot route to the members; the message names the reason and
     *     what is allowed
     */
    Picker picker(List<Member> members);

    /**
     * Returns whether the pickers read the {@link LoadView}; true by default. If they do not, each group of threads
     * counts attempts in flight on cache lines of its own, so that picks do not contend.
     */
    default boolean readsLoad() {
        return true;
    }

    /**
     * Returns the names of the labels that the pickers read; none by default. A balancer hides all other labels from
     * the policy, and creates a new picker when an id, a weight or one of these labels changes. A policy that wraps
     * another returns the labels of the wrapped policy.
     */
    default Set<String> labels() {
        return Set.of();
    }

    /**
     * Returns the picker of these members, derived from the picker of the previous members where this is cheaper; equal
     * to a new picker.
     */
    default Picker picker(List<Member> members, Picker previous) {
        return picker(members);
    }
}
