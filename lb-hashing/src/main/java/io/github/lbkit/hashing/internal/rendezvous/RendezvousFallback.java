package io.github.lbkit.hashing.internal.rendezvous;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.Member;
import java.util.List;

/**
 * The candidate order of routers that have no order of their own: the owner, then all other members in the order of
 * weighted rendezvous hashing, O(n) for each four. The keys of a lost owner therefore spread over the other members by
 * weight, and the next candidate of a key does not depend on other changes. Immutable.
 */
public final class RendezvousFallback {
    private final RendezvousRouter others;

    /** Creates the order over these members. */
    public RendezvousFallback(List<Member> members) {
        others = new RendezvousRouter(members);
    }

    /**
     * Returns the next candidate, or −1 if there is none. The first word of the cursor is 0 at the start, 1 after the
     * owner, then the index of the last other member plus 2.
     */
    public int next(long keyHash, int owner, Cursor cursor) {
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
