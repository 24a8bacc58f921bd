package io.github.lbkit.hashing.internal.table;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import io.github.lbkit.hashing.internal.rendezvous.LowestFour;
import io.github.lbkit.hashing.internal.router.Members;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Weighted rendezvous hashing, precomputed for each of 2^16 or more slots: a slot belongs to the member that claims it
 * first, and its candidates are all members in the order of their {@linkplain Claims claims}. The slot of a key is the
 * high bits of its hash.
 *
 * <p>The owner takes one array read. One scan over all members, O(n), finds the next four candidates. The second, third
 * and fourth candidates are cached for their slot: if a tenth of the members is unavailable, one request in ten
 * thousand needs a scan. A member that joins or leaves costs O(slots), most of it a copy; a new table costs O(slots ·
 * ln n). Memory is 2.5 bytes for each slot, and 2 more for each of the three candidates after its first use. Shares are
 * proportional in expectation over ids; with S slots for each member they deviate by 1 / √(2S), about 3 % for 100
 * members on 2^16 slots.
 */
public final class ClaimRouter extends TableRouter {
    private static final Set<Guarantee> GUARANTEES = Set.of(
            Guarantee.CANDIDATES_FILTER, Guarantee.MINIMAL_DISRUPTION, Guarantee.PROPORTIONAL, Guarantee.WEIGHT_RATIOS);

    /** The number of candidates after the owner that are cached. */
    private static final int CACHED = 3;

    /** The number of changes up to which they are applied one by one; with more, a new table is cheaper. */
    private static final int MAX_STEPS = 8;

    private final TableSize size;
    private final ClaimTable table;
    private final Claims claims;
    private final int shift;

    /**
     * The index of the candidate plus 1, by place after the owner, then by slot. An element is 0 and an array is empty
     * until its first use. Every caller may write, always the same value, and a caller that does not see the value
     * computes it again. Only the publication of the arrays needs ordering, which the volatile write gives.
     */
    private volatile char[][] cache = new char[CACHED][0];

    /** Creates the router of these members, in any order, with a table sized for {@code maxServers}. */
    public ClaimRouter(Collection<Member> members, int maxServers) {
        this(Members.sorted(members, "a claim table"), new TableSize(maxServers));
    }

    private ClaimRouter(List<Member> sorted, TableSize size) {
        this(sorted, size, ClaimTable.of(new Claims(sorted, size.bits())));
    }

    private ClaimRouter(List<Member> sorted, TableSize size, ClaimTable table) {
        super(sorted, table.owners());
        this.size = size;
        this.table = table;
        this.claims = table.claims();
        this.shift = Long.SIZE - claims.bits();
        size.check(sorted.size(), name());
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
        return owner == NO_OWNER ? -1 : owner;
    }

    /**
     * Returns the next candidate. The cursor's words: the last index plus 1; the candidates that were found with it.
     */
    @Override
    public int next(long keyHash, Cursor cursor) {
        int slot = slot(keyHash);
        int last = (int) cursor.scratch(0) - 1;
        int index = last < 0 && owners[slot] != NO_OWNER ? owners[slot] : LowestFour.nextKept(cursor);
        if (index < 0) {
            int place = cursor.taken() - 1;
            index = place >= 0 && place < CACHED && last >= 0
                    ? cached(place, slot, last, cursor)
                    : claims.nextClaimant(slot, last, cursor);
        }
        if (index >= 0) {
            cursor.visit(index);
            cursor.setScratch(0, index + 1L);
        }
        return index;
    }

    private int cached(int place, int slot, int last, Cursor cursor) {
        char[] bySlot = cache[place];
        if (bySlot.length == 0) {
            bySlot = new char[owners.length];
            char[][] more = cache.clone();
            more[place] = bySlot;
            cache = more;
        }
        int known = bySlot[slot] - 1;
        if (known < 0) {
            known = claims.nextClaimant(slot, last, cursor);
            bySlot[slot] = (char) (known + 1);
        }
        return known;
    }

    @Override
    public HashRouter with(Member member) {
        int at = Members.indexOf(members, member.id());
        List<Member> next = Members.requireIndexable(Members.with(members, member), name());
        int index = at < 0 ? -at - 1 : at;
        double before = at < 0 ? 0 : claims.weight(at);
        if (at >= 0 && before == member.weight()) {
            return new ClaimRouter(next, size, table);
        }
        Claims after = new Claims(next, claims.bits());
        ClaimTable changed = at < 0
                ? table.joined(after, index)
                : member.weight() > before ? table.grown(after, index) : table.shrunk(after, index);
        return new ClaimRouter(next, size, changed);
    }

    @Override
    public HashRouter without(String id) {
        int at = Members.indexOf(members, id);
        if (at < 0) {
            return this;
        }
        List<Member> next = Members.without(members, id);
        return new ClaimRouter(next, size, table.left(new Claims(next, claims.bits()), at));
    }

    /** Updates the table step by step if few members change, else builds a new one; the results are equal. */
    @Override
    public HashRouter withMembers(List<Member> newMembers) {
        List<Member> next = Members.sorted(newMembers, name());
        Map<String, Member> removed = new HashMap<>();
        members.forEach(m -> removed.put(m.id(), m));
        List<Member> changed = new ArrayList<>();
        for (Member member : next) {
            if (!member.equals(removed.remove(member.id()))) {
                changed.add(member);
            }
        }
        if (removed.size() + changed.size() > MAX_STEPS) {
            return new ClaimRouter(next, size);
        }
        HashRouter router = this;
        for (String id : removed.keySet()) {
            router = router.without(id);
        }
        for (Member member : changed) {
            router = router.with(member);
        }
        return router;
    }
}
