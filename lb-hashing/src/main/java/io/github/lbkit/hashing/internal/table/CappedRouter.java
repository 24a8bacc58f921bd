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
 * A claim table in which no member gets more than (1 + ε) times its share, rounded up to a slot: a member at its cap
 * leaves a slot to the next claimant. Disruption is not exactly minimal: a member that joins takes slots from members
 * at their caps, and these take other slots instead. With ε = 0.05 and 650 slots for each member this adds a few
 * percent to the necessary moves. The share of the least loaded member is not bounded.
 *
 * <p>The owner takes one array read. Every change builds a new table, O(slots · ln n) with a sort. Memory is 2 bytes
 * for each slot.
 */
public final class CappedRouter extends TableRouter {
    private final TableSize size;
    private final int excess;
    private final int shift;
    private final int bits;
    private final RendezvousFallback fallback;

    /**
     * Creates the router of these members, in any order.
     *
     * @param maxServers the number of servers for which the table is sized
     * @param epsilon ε, 0 to 1, with at most four decimals
     */
    public CappedRouter(Collection<Member> members, int maxServers, double epsilon) {
        this(Members.sorted(members, "a capped table"), new TableSize(maxServers), parts(epsilon), 0);
    }

    /** Creates the router with a table of 2^bits slots and ε = excess / 10,000. */
    static CappedRouter ofBits(Collection<Member> members, int bits, int excess) {
        return new CappedRouter(
                Members.sorted(members, "a capped table"), new TableSize(Members.MAX_INDEXED), excess, bits);
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
