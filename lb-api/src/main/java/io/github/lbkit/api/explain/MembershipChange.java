package io.github.lbkit.api.explain;

import io.github.lbkit.api.Member;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * A change of members and weights that can be planned before it is made. Immutable.
 *
 * @param put the members that join or get another weight; a member without labels keeps its present labels
 * @param removed the ids of the members that leave
 */
public record MembershipChange(List<Member> put, Set<String> removed) {
    /** Checks and copies the collections. */
    public MembershipChange {
        put = List.copyOf(put);
        removed = Set.copyOf(removed);
        for (Member member : put) {
            if (removed.contains(member.id())) {
                throw new IllegalArgumentException("'" + member.id() + "' cannot both join and leave");
            }
        }
    }

    /** Returns the members after this change, by id. */
    public List<Member> applyTo(List<Member> members) {
        TreeMap<String, Member> after = new TreeMap<>();
        members.forEach(m -> after.put(m.id(), m));
        removed.forEach(after::remove);
        put.forEach(m -> after.merge(
                m.id(),
                m,
                (old, next) -> next.labels().isEmpty() ? new Member(old.id(), next.weight(), old.labels()) : next));
        return List.copyOf(after.values());
    }
}
