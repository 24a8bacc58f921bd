package io.github.lbkit.hashing.internal.router;

import io.github.lbkit.api.Member;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Lists of members in the canonical order, with one member an id. */
public final class Members {
    /** The largest number of members that an index of 16 bits, with one value reserved, can number. */
    public static final int MAX_INDEXED = 65_534;

    private Members() {}

    /** Returns the members sorted by id; refuses two members with one id. */
    public static List<Member> sorted(Collection<Member> members) {
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

    /**
     * Returns the members sorted by id for a router that numbers them by 16 bits.
     *
     * @param router the router's name for messages
     * @throws IllegalArgumentException if two members have one id, or there are more than {@value #MAX_INDEXED}
     */
    public static List<Member> sorted(Collection<Member> members, String router) {
        return sorted(requireIndexable(members, router));
    }

    /** Returns the given members; refuses more than {@value #MAX_INDEXED}. */
    public static <C extends Collection<Member>> C requireIndexable(C members, String router) {
        if (members.size() > MAX_INDEXED) {
            throw new IllegalArgumentException(
                    members.size() + " members are more than the " + MAX_INDEXED + " that " + router + " can number");
        }
        return members;
    }

    /** Of sorted members, with one more or in another's place; sorted too. */
    public static List<Member> with(List<Member> members, Member member) {
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
    public static List<Member> without(List<Member> members, String id) {
        int at = place(members, id);
        if (at < 0) {
            return members;
        }
        List<Member> next = new ArrayList<>(members);
        next.remove(at);
        return Collections.unmodifiableList(next);
    }

    /** Where a member of this id stands among sorted ones, or −1 − where it would. */
    public static int place(List<Member> members, String id) {
        return Collections.binarySearch(members, new Member(id, 0), Member.BY_ID);
    }

    /** By index of some members, the index of that id in a list of members; −1 where there is none. */
    public static int[] indexes(List<Member> some, List<Member> in) {
        Map<String, Integer> indexes = new HashMap<>();
        for (int i = 0; i < in.size(); i++) {
            indexes.put(in.get(i).id(), i);
        }
        return some.stream().mapToInt(m -> indexes.getOrDefault(m.id(), -1)).toArray();
    }
}
