package io.github.lbkit.hashing.internal;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Weighted rendezvous hashing computed ahead for each of 2^16 slots or more: a slot goes to the member that claims it
 * first, its candidates are all members by the time of their {@linkplain Claims claims}. A key's slot is the first bits of
 * its hash.
 *
 * <p>The owner is one array read. One look at all members, O(n), finds four candidates behind it; the second is remembered
 * for its slot. A member that joins or leaves costs O(slots), most of it a copy; a table from nothing O(slots · ln n).
 * Memory is 2.5 bytes a slot, 4.5 once a second candidate was asked for. Shares are proportional in expectation over ids; with S slots a member their deviation is 1 /
 * √(2S), about 3 % for 100 members on 2^16 slots.
 */
public final class ClaimRouter extends SlotRouter {
    private static final Set<Guarantee> GUARANTEES = Set.of(
            Guarantee.CANDIDATES_FILTER, Guarantee.MINIMAL_DISRUPTION, Guarantee.PROPORTIONAL, Guarantee.WEIGHT_RATIOS);

    private static final char[] NO_SECONDS = {};

    /** Up to so many changes are made one by one; a new table is cheaper than more. */
    private static final int MAX_STEPS = 8;

    private final Capacity capacity;
    private final ClaimTable table;
    private final Claims claims;
    private final int shift;

    /**
     * By slot, the index of the second candidate plus 1; 0 until somebody asks, and no array until somebody asks for any.
     * Any caller writes, always the same number, and whoever does not see it finds it again: only the array's own
     * publication needs order, and has it by the volatile write.
     */
    private volatile char[] seconds = NO_SECONDS;

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

    /** Words of the cursor: the last index plus 1; the candidates that were found with it. */
    @Override
    public int next(long keyHash, Cursor cursor) {
        int slot = slot(keyHash);
        int last = (int) cursor.word(0) - 1;
        int index = last < 0 && owners[slot] != NOBODY ? owners[slot] : NextFour.kept(cursor);
        if (index < 0) {
            index = last == owners[slot] ? second(slot, cursor) : claims.after(slot, last, cursor);
        }
        if (index >= 0) {
            cursor.visit(index);
            cursor.word(0, index + 1L);
        }
        return index;
    }

    private int second(int slot, Cursor cursor) {
        char[] remembered = seconds;
        if (remembered.length == 0) {
            remembered = new char[owners.length];
            seconds = remembered;
        }
        int known = remembered[slot] - 1;
        if (known < 0) {
            known = claims.after(slot, owners[slot], cursor);
            remembered[slot] = (char) (known + 1);
        }
        return known;
    }

    @Override
    public HashRouter with(Member member) {
        int at = Members.place(members, member.id());
        List<Member> next = counted(Members.with(members, member), name());
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
        int at = Members.place(members, id);
        if (at < 0) {
            return this;
        }
        List<Member> next = Members.without(members, id);
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
