package io.github.lbkit.hashing.internal.router;

import io.github.lbkit.api.Member;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Operations on lists of members in canonical order: sorted by id, without two members of one id. */
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

    /** Returns sorted members with one member added, or replaced if its id is present. */
    public static List<Member> with(List<Member> members, Member member) {
        int at = indexOf(members, member.id());
        List<Member> next = new ArrayList<>(members.size() + 1);
        next.addAll(members);
        if (at < 0) {
            next.add(-at - 1, member);
        } else {
            next.set(at, member);
        }
        return Collections.unmodifiableList(next);
    }

    /** Returns sorted members without the member of this id; the given list if there is none. */
    public static List<Member> without(List<Member> members, String id) {
        int at = indexOf(members, id);
        if (at < 0) {
            return members;
        }
        List<Member> next = new ArrayList<>(members);
        next.remove(at);
        return Collections.unmodifiableList(next);
    }

    /** Returns the index of the member of this id among sorted members, or −1 − its insertion point. */
    public static int indexOf(List<Member> members, String id) {
        return Collections.binarySearch(members, new Member(id, 0), Member.BY_ID);
    }

    /** Returns, for each member of {@code some}, its index in {@code in}; −1 if its id is not there. */
    public static int[] indexes(List<Member> some, List<Member> in) {
        Map<String, Integer> indexes = new HashMap<>();
        for (int i = 0; i < in.size(); i++) {
            indexes.put(in.get(i).id(), i);
        }
        return some.stream().mapToInt(m -> indexes.getOrDefault(m.id(), -1)).toArray();
    }
}
