package io.github.lbkit.hashing.internal.table;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import io.github.lbkit.hashing.internal.hash.SplitMix64;
import io.github.lbkit.hashing.internal.rendezvous.RendezvousFallback;
import io.github.lbkit.hashing.internal.router.Members;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Maglev (Eisenbud and others, NSDI 2016): members take turns to fill a table with a prime number of slots, so the
 * shares of equal weights differ by one slot at most. A change of members moves more keys than necessary, and more with
 * fewer slots for each member.
 *
 * <p>The owner takes one array read. Every change builds a new table, O(slots · ln n). Memory is 2 bytes for each slot.
 */
public final class MaglevRouter extends TableRouter {
    private final TableSize size;
    private final RendezvousFallback fallback;

    /** Creates the router of these members, in any order, with a table sized for {@code maxServers}. */
    public MaglevRouter(Collection<Member> members, int maxServers) {
        this(Members.sorted(members, "Maglev"), new TableSize(maxServers), 0);
    }

    /** Creates the router with a table of this prime number of slots. */
    static MaglevRouter ofSlots(Collection<Member> members, int slots) {
        return new MaglevRouter(Members.sorted(members, "Maglev"), new TableSize(Members.MAX_INDEXED), slots);
    }

    private MaglevRouter(List<Member> sorted, TableSize size, int fixedSlots) {
        super(sorted, fill(sorted, fixedSlots > 0 ? fixedSlots : size.prime()));
        this.size = size;
        this.fallback = new RendezvousFallback(sorted);
        size.check(sorted.size(), name());
    }

    private static char[] fill(List<Member> members, int slots) {
        int n = members.size();
        int[] offsets = new int[n];
        int[] skips = new int[n];
        double[] weights = new double[n];
        for (int i = 0; i < n; i++) {
            long name = SplitMix64.memberHash(members.get(i).id());
            offsets[i] = scaled(SplitMix64.mix(name + 1), slots);
            skips[i] = scaled(SplitMix64.mix(name + 2), slots - 1) + 1;
            weights[i] = members.get(i).weight();
        }
        return new MaglevTable(slots, offsets, skips, weights).fill();
    }

    /** Returns 64 bits scaled to a number from 0 to below the bound, in the same order. */
    private static int scaled(long bits, int bound) {
        return (int) (Math.multiplyHigh(bits, bound) + ((bits >> 63) & bound));
    }

    @Override
    public Set<Guarantee> guarantees() {
        return Set.of(Guarantee.WEIGHT_RATIOS);
    }

    @Override
    public String name() {
        return "maglev(slots=" + owners.length + ")";
    }

    @Override
    public int slot(long keyHash) {
        return scaled(keyHash, owners.length);
    }

    @Override
    public int owner(long keyHash) {
        char owner = owners[slot(keyHash)];
        return owner == NO_OWNER ? -1 : owner;
    }

    @Override
    public int next(long keyHash, Cursor cursor) {
        return fallback.next(keyHash, owner(keyHash), cursor);
    }

    @Override
    public HashRouter withMembers(List<Member> newMembers) {
        return new MaglevRouter(Members.sorted(newMembers, name()), size, owners.length);
    }
}
