package io.github.lbkit.hashing.internal;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Plan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A router whose owners stand in a table, a slot for an equal part of the key space. Immutable, thread-safe. */
abstract class SlotRouter extends ListedRouter implements Slotted {
    /** The number of nobody in a table: no member has a weight. */
    static final char NOBODY = Character.MAX_VALUE;

    /** As many as a table can number. */
    static final int MAX_MEMBERS = NOBODY - 1;

    private static final int[] NOT_COUNTED = {};

    /** By slot, the index of its owner; never changes. */
    final char[] owners;

    /** Slots by owner. Whoever asks first writes it, others may write the same; it is published by the volatile write. */
    private volatile int[] counts = NOT_COUNTED;

    SlotRouter(List<Member> members, char[] owners) {
        super(members);
        this.owners = owners;
    }

    /** Sorts, and refuses two of one id and too many. */
    static List<Member> sorted(Iterable<Member> members, String router) {
        List<Member> copy = new ArrayList<>();
        members.forEach(copy::add);
        return Members.sorted(counted(copy, router));
    }

    /** These, if they are not too many. */
    static List<Member> counted(List<Member> members, String router) {
        if (members.size() > MAX_MEMBERS) {
            throw new IllegalArgumentException(
                    members.size() + " members are more than the " + MAX_MEMBERS + " that " + router + " can number");
        }
        return members;
    }

    @Override
    public final int slots() {
        return owners.length;
    }

    @Override
    public final String position(long keyHash) {
        return "slot " + slot(keyHash) + " of " + owners.length;
    }

    /** Exact, by counting slots. */
    @Override
    public final double share(int index) {
        return (double) counts()[index] / owners.length;
    }

    private int[] counts() {
        int[] known = counts;
        if (known.length == members.size()) {
            return known;
        }
        int[] counted = new int[members.size()];
        for (char owner : owners) {
            if (owner != NOBODY) {
                counted[owner]++;
            }
        }
        counts = counted;
        return counted;
    }

    /** Exact, by counting slots. */
    @Override
    public final List<Plan.Move> movesTo(HashRouter after) {
        if (!(after instanceof SlotRouter other) || !after.name().equals(name())) {
            throw untold(after);
        }
        int[] before = Members.indexes(other.members, members);
        int[] moved = new int[owners.length];
        int count = 0;
        for (int slot = 0; slot < owners.length; slot++) {
            char from = owners[slot];
            char to = other.owners[slot];
            boolean same = to == NOBODY ? from == NOBODY : from == before[to];
            if (!same) {
                moved[count++] = from << 16 | to;
            }
        }
        Arrays.sort(moved, 0, count);
        List<Plan.Move> moves = new ArrayList<>();
        for (int start = 0, end; start < count; start = end) {
            end = start + 1;
            while (end < count && moved[end] == moved[start]) {
                end++;
            }
            moves.add(new Plan.Move(
                    id(members, moved[start] >>> 16),
                    id(other.members, moved[start] & 0xFFFF),
                    (double) (end - start) / owners.length));
        }
        return moves;
    }

    private static String id(List<Member> members, int index) {
        return index == NOBODY ? "" : members.get(index).id();
    }
}
