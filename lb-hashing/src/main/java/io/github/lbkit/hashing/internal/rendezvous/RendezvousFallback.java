package io.github.lbkit.hashing.internal.rendezvous;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.Member;
import java.util.List;

/**
 * The candidates of a router that has no order of its own: the owner, then the others in the order of weighted
 * rendezvous hashing, O(n) for each four. So a lost owner's keys spread over the others by weight, and who comes next stays what it
 * was whatever else changes. Immutable.
 */
public final class RendezvousFallback {
    private final RendezvousRouter others;

    public RendezvousFallback(List<Member> members) {
        others = new RendezvousRouter(members);
    }

    /** First word of the cursor: 0 at the start, 1 after the owner, then the index of the last other plus 2. */
    public int next(long keyHash, int owner, Cursor cursor) {
        int word = (int) cursor.word(0);
        int index;
        if (word == 0 && owner >= 0) {
            index = owner;
            cursor.word(0, 1);
        } else {
            index = Math.max(-1, word - 2);
            do {
                index = others.after(keyHash, index, cursor);
            } while (index >= 0 && index == owner);
            if (index >= 0) {
                cursor.word(0, index + 2L);
            }
        }
        if (index >= 0) {
            cursor.visit(index);
        }
        return index;
    }
}
