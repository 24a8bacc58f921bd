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
 * <p>The owner is one array read. One look at all members, O(n), finds four candidates behind it; the second, third and
 * fourth are remembered for their slot: with a tenth of the members out, one request in ten thousand has to look. A member
 * that joins or leaves costs O(slots), most of it a copy; a table from nothing O(slots · ln n). Memory is 2.5 bytes a slot,
 * and 2 more for each of the three once it was asked for. Shares are proportional in expectation over ids; with S slots a member their deviation is 1 /
 * √(2S), about 3 % for 100 members on 2^16 slots.
 */
public final class ClaimRouter extends SlotRouter {
    private static final Set<Guarantee> GUARANTEES = Set.of(
            Guarantee.CANDIDATES_FILTER, Guarantee.MINIMAL_DISRUPTION, Guarantee.PROPORTIONAL, Guarantee.WEIGHT_RATIOS);

    /** For so many places behind the owner, who comes there is remembered. */
    private static final int REMEMBERED = 3;

    /** Up to so many changes are made one by one; a new table is cheaper than more. */
    private static final int MAX_STEPS = 8;

    private final Capacity capacity;
    private final ClaimTable table;
    private final Claims claims;
    private final int shift;

    /**
     * By place behind the owner, then by slot, the index of the candidate plus 1; 0 until somebody asks, and an empty array
     * until somebody asks for any. Any caller writes, always the same number, and whoever does not see it finds it again:
     * only the arrays' own publication needs order, and has it by the volatile write.
     */
    private volatile char[][] behind = new char[REMEMBERED][0];

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
        int last = (int) cursor.scratch(0) - 1;
        int index = last < 0 && owners[slot] != NOBODY ? owners[slot] : NextFour.kept(cursor);
        if (index < 0) {
            int place = cursor.taken() - 1;
            index = place >= 0 && place < REMEMBERED && last >= 0
                    ? remembered(place, slot, last, cursor)
                    : claims.after(slot, last, cursor);
        }
        if (index >= 0) {
            cursor.visit(index);
            cursor.setScratch(0, index + 1L);
        }
        return index;
    }

    private int remembered(int place, int slot, int last, Cursor cursor) {
        char[] bySlot = behind[place];
        if (bySlot.length == 0) {
            bySlot = new char[owners.length];
            char[][] more = behind.clone();
            more[place] = bySlot;
            behind = more;
        }
        int known = bySlot[slot] - 1;
        if (known < 0) {
            known = claims.after(slot, last, cursor);
            bySlot[slot] = (char) (known + 1);
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
