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

    /** Of sorted members, with one more or in another's place; sorted too. */
    static List<Member> with(List<Member> members, Member member) {
        int at = place(members, member.id());
        List<Member> next = new ArrayList<>(members.size() + 1);
        next.addAll(members);
        if (at < 0) {
            next.add(-at - 1, member);
        } else {
            next.set(at, member);
        }
        return Collections.unmodifiableList(next);
    }

    /** Of sorted members, without the one of this id; the same list if there is none. */
    static List<Member> without(List<Member> members, String id) {
        int at = place(members, id);
        if (at < 0) {
            return members;
        }
        List<Member> next = new ArrayList<>(members);
        next.remove(at);
        return Collections.unmodifiableList(next);
    }

    /** Where a member of this id stands among sorted ones, or −1 − where it would. */
    static int place(List<Member> members, String id) {
        return Collections.binarySearch(members, new Member(id, 0), Member.BY_ID);
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
