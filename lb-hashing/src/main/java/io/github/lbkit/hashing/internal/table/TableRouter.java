package io.github.lbkit.hashing.internal.table;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.explain.Plan;
import io.github.lbkit.hashing.internal.router.AbstractHashRouter;
import io.github.lbkit.hashing.internal.router.Members;
import io.github.lbkit.hashing.internal.router.SlottedRouter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A router with a table of owners, in which each slot is an equal part of the key space. Immutable and thread-safe.
 */
public abstract class TableRouter extends AbstractHashRouter implements SlottedRouter {
    /** The value of every slot if no member has a weight. */
    public static final char NO_OWNER = Character.MAX_VALUE;

    private static final int[] NOT_COUNTED = {};

    /** The index of the owner, by slot. The content never changes. */
    protected final char[] owners;

    /**
     * The number of slots by owner. Empty until it is first needed. Several threads may write it, with the same values;
     * the volatile write publishes it.
     */
    private volatile int[] counts = NOT_COUNTED;

    /** Creates a router of sorted members, with the owner's index or {@link #NO_OWNER} for each slot. */
    protected TableRouter(List<Member> members, char[] owners) {
        super(members);
        this.owners = owners;
    }

    @Override
    public final int slots() {
        return owners.length;
    }

    @Override
    public final String position(long keyHash) {
        return "slot " + slot(keyHash) + " of " + owners.length;
    }

    /** Returns the exact share, which is the share of slots. */
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
            if (owner != NO_OWNER) {
                counted[owner]++;
            }
        }
        counts = counted;
        return counted;
    }

    /** Returns the exact moves, which are counts of slots. */
    @Override
    public final List<Plan.Move> movesTo(HashRouter after) {
        if (!(after instanceof TableRouter other) || !after.name().equals(name())) {
            throw incomparable(after);
        }
        int[] before = Members.indexes(other.members, members);
        int[] moved = new int[owners.length];
        int count = 0;
        for (int slot = 0; slot < owners.length; slot++) {
            char from = owners[slot];
            char to = other.owners[slot];
            boolean same = to == NO_OWNER ? from == NO_OWNER : from == before[to];
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
        return index == NO_OWNER ? "" : members.get(index).id();
    }
}
