package io.github.lbkit.hashing.internal.table;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import io.github.lbkit.hashing.internal.rendezvous.RendezvousFallback;
import io.github.lbkit.hashing.internal.router.Members;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * A claim table where no member gets more than (1 + ε) times its share, to one slot: whoever is full leaves a slot to
 * the next that claims it. Not exactly minimal: a member that joins frees room of others, and their slots move too, a few
 * percent of what has to with ε = 0.05 and 650 slots a member. The least loaded member is not bounded.
 *
 * <p>The owner is one array read. Every change makes the table from nothing, O(slots · ln n) with a sort; 2 bytes a slot.
 */
public final class CappedRouter extends TableRouter {
    private final TableSize size;
    private final int excess;
    private final int shift;
    private final int bits;
    private final RendezvousFallback fallback;

    /**
     * The router of these members, in any order.
     *
     * @param maxServers for how many it is sized
     * @param epsilon ε, 0 to 1, with at most four decimals
     */
    public CappedRouter(Collection<Member> members, int maxServers, double epsilon) {
        this(Members.sorted(members, "a capped table"), new TableSize(maxServers), parts(epsilon), 0);
    }

    /** The same on a table of 2^bits slots, with ε = excess / 10,000. */
    static CappedRouter ofBits(Collection<Member> members, int bits, int excess) {
        return new CappedRouter(Members.sorted(members, "a capped table"), new TableSize(Members.MAX_INDEXED), excess, bits);
    }

    private CappedRouter(List<Member> sorted, TableSize size, int excess, int fixedBits) {
        super(sorted, CappedTable.fill(new Claims(sorted, fixedBits > 0 ? fixedBits : size.bits()), excess));
        this.size = size;
        this.excess = excess;
        this.bits = fixedBits;
        this.shift = Long.numberOfLeadingZeros(slots()) + 1;
        this.fallback = new RendezvousFallback(sorted);
        size.check(sorted.size(), name());
    }

    private static int parts(double epsilon) {
        int parts = (int) Math.rint(epsilon * CappedTable.PARTS);
        if (!(epsilon >= 0 && epsilon <= 1) || (double) parts / CappedTable.PARTS != epsilon) {
            throw new IllegalArgumentException(
                    "epsilon " + epsilon + " is not within 0 to 1 with at most four decimals");
        }
        return parts;
    }

    @Override
    public Set<Guarantee> guarantees() {
        return Set.of(Guarantee.WEIGHT_RATIOS);
    }

    @Override
    public String name() {
        return "capped table(slots=" + owners.length + ", epsilon="
                + BigDecimal.valueOf(excess, 4).stripTrailingZeros().toPlainString() + ")";
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

    @Override
    public int next(long keyHash, Cursor cursor) {
        return fallback.next(keyHash, owner(keyHash), cursor);
    }

    @Override
    public HashRouter withMembers(List<Member> newMembers) {
        return new CappedRouter(Members.sorted(newMembers, name()), size, excess, bits);
    }
}
