package io.github.lbkit.hashing.internal;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Weighted rendezvous hashing computed ahead for each of 2^16 slots or more: a slot goes to the member that claims it
 * first, its candidates are all members by the time of their {@linkplain Claims claims}. A key's slot is the first bits of
 * its hash.
 *
 * <p>The owner is one array read. The second candidate is found once a slot, in O(n), and then remembered; each further
 * one takes O(n). A member that joins or leaves costs O(slots), most of it a copy; a table from nothing O(slots · ln n).
 * Memory is 4 bytes a slot. Shares are proportional in expectation over ids; with S slots a member their deviation is 1 /
 * √(2S), about 3 % for 100 members on 2^16 slots.
 */
public final class ClaimRouter extends SlotRouter {
    private static final Set<Guarantee> GUARANTEES = Set.of(
            Guarantee.CANDIDATES_FILTER, Guarantee.MINIMAL_DISRUPTION, Guarantee.PROPORTIONAL, Guarantee.WEIGHT_RATIOS);

    /** Up to so many changes are made one by one; a new table is cheaper than more. */
    private static final int MAX_STEPS = 8;

    private final Capacity capacity;
    private final ClaimTable table;
    private final Claims claims;
    private final int shift;

    /**
     * By slot, the index of the second candidate plus 1; 0 until somebody asks. Any caller writes, always the same
     * number, and whoever does not see it finds it again: no order is needed.
     */
    private final char[] seconds;

    /** The router of these members, in any order, sized for so many servers. */
    public ClaimRouter(Collection<Member> members, int maxServers) {
        this(sorted(members, "a claim table"), new Capacity(maxServers));
    }

    private ClaimRouter(List<Member> sorted, Capacity capacity) {
        this(sorted, capacity, ClaimTable.of(new Claims(sorted, capacity.bits())));
    }

    private ClaimRouter(List<Member> sorted, Capacity capacity, ClaimTable table) {
        super(sorted, table.owners());
        this.capacity = capacity;
        this.table = table;
        this.claims = table.claims();
        this.shift = Long.SIZE - claims.bits();
        this.seconds = new char[owners.length];
        capacity.check(sorted.size(), name());
    }

    @Override
    public Set<Guarantee> guarantees() {
        return GUARANTEES;
    }

    @Override
    public String name() {
        return "claim table(slots=" + owners.length + ")";
    }

    @Override
    public int slot(long keyHash) {
        return (int) (keyHash >>> shift);
    }

    @Override
    public int owner(long keyHash) {
        char owner = owners[(int) (keyHash >>> shift)];
        return owner == NOBODY ? -1 : owner;
    }

    /** Word of the cursor: the last index plus 1. */
    @Override
    public int next(long keyHash, Cursor cursor) {
        int slot = slot(keyHash);
        int last = (int) cursor.word(0) - 1;
        int index = last < 0 && owners[slot] != NOBODY
                ? owners[slot]
                : last == owners[slot] ? second(slot) : claims.after(slot, last);
        if (index >= 0) {
            cursor.visit(index);
            cursor.word(0, index + 1L);
        }
        return index;
    }

    private int second(int slot) {
        int known = seconds[slot];
        if (known == 0) {
            known = claims.after(slot, owners[slot]) + 1;
            seconds[slot] = (char) known;
        }
        return known - 1;
    }

    @Override
    public HashRouter with(Member member) {
        int at = Collections.binarySearch(members, member, Member.BY_ID);
        List<Member> next = sorted(Members.with(members, member), name());
        int index = at < 0 ? -at - 1 : at;
        double before = at < 0 ? 0 : claims.weight(at);
        if (at >= 0 && before == member.weight()) {
            return new ClaimRouter(next, capacity, table);
        }
        Claims after = new Claims(next, claims.bits());
        ClaimTable changed = at < 0
                ? table.joined(after, index)
                : member.weight() > before ? table.grown(after, index) : table.shrunk(after, index);
        return new ClaimRouter(next, capacity, changed);
    }

    @Override
    public HashRouter without(String id) {
        int at = Collections.binarySearch(members, new Member(id, 0), Member.BY_ID);
        if (at < 0) {
            return this;
        }
        List<Member> next = sorted(Members.without(members, id), name());
        return new ClaimRouter(next, capacity, table.left(new Claims(next, claims.bits()), at));
    }

    /** Step by step if few members change, else from nothing; equal either way. */
    @Override
    public HashRouter withMembers(List<Member> newMembers) {
        List<Member> next = sorted(newMembers, name());
        Map<String, Member> gone = new HashMap<>();
        members.forEach(m -> gone.put(m.id(), m));
        List<Member> changed = new ArrayList<>();
        for (Member member : next) {
            if (!member.equals(gone.remove(member.id()))) {
                changed.add(member);
            }
        }
        if (gone.size() + changed.size() > MAX_STEPS) {
            return new ClaimRouter(next, capacity);
        }
        HashRouter router = this;
        for (String id : gone.keySet()) {
            router = router.without(id);
        }
        for (Member member : changed) {
            router = router.with(member);
        }
        return router;
    }
}
