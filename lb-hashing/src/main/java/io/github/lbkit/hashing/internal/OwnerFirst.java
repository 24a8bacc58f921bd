package io.github.lbkit.hashing.internal;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.Member;
import java.util.List;

/**
 * The candidates of a router that has no order of its own: the owner, then the others in the order of weighted
 * rendezvous hashing, O(n) for each four. So a lost owner's keys spread over the others by weight, and who comes next stays what it
 * was whatever else changes. Immutable.
 */
final class OwnerFirst {
    private final RendezvousRouter others;

    OwnerFirst(List<Member> members) {
        others = new RendezvousRouter(members);
    }

    /** First word of the cursor: 0 at the start, 1 after the owner, then the index of the last other plus 2. */
    int next(long keyHash, int owner, Cursor cursor) {
        int word = (int) cursor.scratch(0);
        int index;
        if (word == 0 && owner >= 0) {
            index = owner;
            cursor.setScratch(0, 1);
        } else {
            index = Math.max(-1, word - 2);
            do {
                index = others.after(keyHash, index, cursor);
            } while (index >= 0 && index == owner);
            if (index >= 0) {
                cursor.setScratch(0, index + 2L);
            }
        }
        if (index >= 0) {
            cursor.visit(index);
        }
        return index;
    }
}
