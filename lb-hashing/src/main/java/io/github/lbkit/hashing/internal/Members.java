package io.github.lbkit.hashing.internal;

import io.github.lbkit.api.Member;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Lists of members in the canonical order, with one member an id. */
final class Members {
    private Members() {}

    static List<Member> sorted(Collection<Member> members) {
        List<Member> sorted = new ArrayList<>(members);
        sorted.sort(Member.BY_ID);
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).id().equals(sorted.get(i - 1).id())) {
                throw new IllegalArgumentException(
                        "two members have the id '" + sorted.get(i).id() + "'");
            }
        }
        return Collections.unmodifiableList(sorted);
    }

    static List<Member> with(List<Member> members, Member member) {
        List<Member> next = new ArrayList<>(without(members, member.id()));
        next.add(member);
        return next;
    }

    static List<Member> without(List<Member> members, String id) {
        return members.stream().filter(m -> !m.id().equals(id)).toList();
    }

    /** By index of some members, the index of that id in a list of members; −1 where there is none. */
    static int[] indexes(List<Member> some, List<Member> in) {
        Map<String, Integer> indexes = new HashMap<>();
        for (int i = 0; i < in.size(); i++) {
            indexes.put(in.get(i).id(), i);
        }
        return some.stream().mapToInt(m -> indexes.getOrDefault(m.id(), -1)).toArray();
    }
}
