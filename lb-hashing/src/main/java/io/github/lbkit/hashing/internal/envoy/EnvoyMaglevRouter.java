package io.github.lbkit.hashing.internal.envoy;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.KeyHash;
import io.github.lbkit.api.Member;
import io.github.lbkit.hashing.internal.hash.XxHash64;
import io.github.lbkit.hashing.internal.rendezvous.RendezvousFallback;
import io.github.lbkit.hashing.internal.router.Members;
import io.github.lbkit.hashing.internal.router.RequiresKeyHash;
import io.github.lbkit.hashing.internal.table.MaglevTable;
import io.github.lbkit.hashing.internal.table.TableRouter;
import io.github.lbkit.hashing.internal.table.TableSize;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Maglev with the owners that Envoy gives: offsets and skips are xxHash64 of the id with seeds 0 and 1, weights are taken
 * as shares of their sum, and a key's slot is its hash modulo the table's size. Envoy hashes a host's address, or its name
 * if told to, so ids must be that. What Envoy does on a retry, which may be the same host again, is not repeated here:
 * after the owner come the others in rendezvous order.
 *
 * <p>The owner is a division and an array read. Every change makes the table from nothing; 2 bytes a slot.
 */
public final class EnvoyMaglevRouter extends TableRouter implements RequiresKeyHash {
    private static final int MAX_SLOTS = 5_000_011;

    private final RendezvousFallback fallback;

    /**
     * The router of these members, in any order.
     *
     * @param tableSize a prime, to 5,000,011
     */
    public EnvoyMaglevRouter(Collection<Member> members, int tableSize) {
        this(tableSize, Members.sorted(members, "Envoy's Maglev"));
    }

    private EnvoyMaglevRouter(int tableSize, List<Member> sorted) {
        super(sorted, fill(sorted, checked(tableSize)));
        this.fallback = new RendezvousFallback(sorted);
    }

    private static int checked(int tableSize) {
        if (tableSize < 3 || tableSize > MAX_SLOTS || !TableSize.isPrime(tableSize)) {
            throw new IllegalArgumentException(
                    "table size " + tableSize + " is not a prime number from 3 to " + MAX_SLOTS);
        }
        return tableSize;
    }

    private static char[] fill(List<Member> members, int slots) {
        int n = members.size();
        int[] offsets = new int[n];
        int[] skips = new int[n];
        double[] weights = EnvoyWeights.normalized(members);
        for (int i = 0; i < n; i++) {
            String id = members.get(i).id();
            offsets[i] = (int) Long.remainderUnsigned(XxHash64.hash(id, 0), slots);
            skips[i] = (int) Long.remainderUnsigned(XxHash64.hash(id, 1), slots - 1) + 1;
        }
        return new MaglevTable(slots, offsets, skips, weights).fill();
    }

    @Override
    public Set<Guarantee> guarantees() {
        return Set.of(Guarantee.WEIGHT_RATIOS);
    }

    @Override
    public KeyHash keyHash() {
        return XxHash64.INSTANCE;
    }

    @Override
    public String name() {
        return "envoy maglev(slots=" + owners.length + ")";
    }

    @Override
    public int slot(long keyHash) {
        return (int) Long.remainderUnsigned(keyHash, owners.length);
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
        return new EnvoyMaglevRouter(owners.length, Members.sorted(newMembers, name()));
    }
}
