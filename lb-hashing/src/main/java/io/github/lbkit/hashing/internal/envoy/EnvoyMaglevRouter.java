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
 * Maglev with the owners of Envoy. Offsets and skips are xxHash64 of the id with seeds 0 and 1, weights are divided by
 * their sum, and the slot of a key is its hash modulo the size of the table. Envoy hashes the address of a host, or its
 * name if configured so; ids must be the same text. Retries are not reproduced, since Envoy may choose the same host
 * again: here the other members follow the owner in rendezvous order.
 *
 * <p>The owner takes a division and an array read. Every change builds a new table. Memory is 2 bytes for each slot.
 */
public final class EnvoyMaglevRouter extends TableRouter implements RequiresKeyHash {
    private static final int MAX_SLOTS = 5_000_011;

    private final RendezvousFallback fallback;

    /**
     * Creates the router of these members, in any order.
     *
     * @param tableSize the number of slots, a prime from 3 to 5,000,011
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
