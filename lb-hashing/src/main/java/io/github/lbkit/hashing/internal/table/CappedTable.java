package io.github.lbkit.hashing.internal.table;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Fills a table by claims under a cap. All {@linkplain Claims claims} are served in the order of their times. A slot
 * goes to the first claimant that has fewer slots than its cap ⌈(1 + ε) · slots · weight / total⌉. The result is a
 * function of the claims alone. Times are compared by 32 binary digits, and equal times by the order of members. Used
 * once, by one thread.
 */
final class CappedTable {
    /** The unit of ε is 1 / {@value}. */
    static final int PARTS = 10_000;

    private static final int ORDER_BITS = 20;
    private static final long ORDER_MASK = (1L << ORDER_BITS) - 1;

    /** The approximate number of claims in a round. With the final claims they never exceed 2^20 positions. */
    private static final int ROUND = 1 << 18;

    private static final int MAX_PAIRS = 1 << 16;

    private final Claims claims;
    private final int[] remaining;
    private final int[] next;
    private final char[] owners;
    private int free;

    /** The claims of a round: the high bits of their times, and their position in the next two arrays. */
    private long[] batch = new long[1024];

    private char[] batchMembers = new char[1024];
    private int[] batchSlots = new int[1024];
    private int batchSize;

    private CappedTable(Claims claims, int excess) {
        this.claims = claims;
        this.remaining = new int[claims.members()];
        this.next = new int[claims.members()];
        this.owners = new char[claims.slots()];
        this.free = claims.slots();
        Arrays.fill(owners, TableRouter.NO_OWNER);
        for (int i = 0; i < remaining.length; i++) {
            remaining[i] = cap(claims, i, excess);
        }
    }

    /** Returns the maximum number of slots of a member, computed with integers. */
    static int cap(Claims claims, int member, int excess) {
        long total = ((long) claims.totalWeight()) * PARTS;
        long wanted = (PARTS + excess) * ((long) claims.slots()) * ((long) claims.weight(member));
        return total == 0 ? 0 : (int) Math.min(claims.slots(), (wanted + total - 1) / total);
    }

    /** Returns the owners by slot, with ε = excess / {@value #PARTS}. */
    static char[] fill(Claims claims, int excess) {
        CappedTable table = new CappedTable(claims, excess);
        if (claims.totalWeight() > 0) {
            table.fill();
        }
        return table.owners;
    }

    private void fill() {
        double until = 0;
        while (pairsLeft() > MAX_PAIRS) {
            until += Math.min(1.0, (double) ROUND / claims.slots()) / openWeight();
            for (int member = 0; member < remaining.length; member++) {
                if (remaining[member] > 0) {
                    collect(member, order(until));
                }
            }
            assign();
        }
        int[] left = IntStream.range(0, owners.length)
                .filter(slot -> owners[slot] == TableRouter.NO_OWNER)
                .toArray();
        for (int member = 0; member < remaining.length; member++) {
            if (remaining[member] > 0) {
                for (int slot : left) {
                    add(member, claims.claim(member, slot), slot);
                }
            }
        }
        assign();
    }

    /** Returns an upper bound of the remaining claims: each member below its cap on each free slot. */
    private long pairsLeft() {
        long open = 0;
        for (int left : remaining) {
            open += left > 0 ? 1 : 0;
        }
        return open * free;
    }

    private double openWeight() {
        double sum = 0;
        for (int i = 0; i < remaining.length; i++) {
            sum += remaining[i] > 0 ? claims.weight(i) : 0;
        }
        return sum;
    }

    /** Adds a member's claims on free slots up to and including a time. */
    private void collect(int member, long until) {
        int end = Math.max(next[member], claims.claimsUntil(member, Double.longBitsToDouble(until | ORDER_MASK)));
        while (end > next[member] && order(claims.time(member, end - 1)) > until) {
            end--;
        }
        for (int claim = next[member]; claim < end; claim++) {
            int slot = claims.slot(member, claim);
            if (owners[slot] == TableRouter.NO_OWNER) {
                add(member, claim, slot);
            }
        }
        next[member] = end;
    }

    /** Returns the high bits of a time. The order of positive numbers is the order of their bits. */
    private static long order(double time) {
        return Double.doubleToRawLongBits(time) & ~ORDER_MASK;
    }

    private void add(int member, int claim, int slot) {
        if (batchSize == batch.length) {
            batch = Arrays.copyOf(batch, batchSize * 2);
            batchMembers = Arrays.copyOf(batchMembers, batchSize * 2);
            batchSlots = Arrays.copyOf(batchSlots, batchSize * 2);
        }
        batch[batchSize] = order(claims.time(member, claim)) | batchSize;
        batchMembers[batchSize] = (char) member;
        batchSlots[batchSize++] = slot;
    }

    private void assign() {
        Arrays.sort(batch, 0, batchSize);
        for (int i = 0; i < batchSize; i++) {
            int at = (int) (batch[i] & ORDER_MASK);
            int slot = batchSlots[at];
            int member = batchMembers[at];
            if (owners[slot] == TableRouter.NO_OWNER && remaining[member] > 0) {
                owners[slot] = (char) member;
                remaining[member]--;
                free--;
            }
        }
        batchSize = 0;
    }
}
