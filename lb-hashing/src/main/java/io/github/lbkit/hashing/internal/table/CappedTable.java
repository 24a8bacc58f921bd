package io.github.lbkit.hashing.internal.table;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Fills a table by claims under a cap: all {@linkplain Claims claims} are taken in order of time, and a slot goes to the
 * first that claims it and has fewer slots than its cap, ⌈(1 + ε) · slots · weight / total⌉. A function of the claims alone.
 * Times count to 32 binary digits; equal ones are taken in the order of members. Used once, by one thread.
 */
final class CappedTable {
    /** ε is told in so many parts of 1. */
    static final int PARTS = 10_000;

    private static final int ORDER_BITS = 20;
    private static final long ORDER_MASK = (1L << ORDER_BITS) - 1;

    /** Claims of a round, about; with those of the last, there are never more than a place can number. */
    private static final int ROUND = 1 << 18;

    private static final int MAX_PAIRS = 1 << 16;

    private final Claims claims;
    private final int[] room;
    private final int[] next;
    private final char[] owners;
    private int free;

    /** The claims of a round: the high bits of their times and their place in the arrays beside. */
    private long[] batch = new long[1024];

    private char[] batchMembers = new char[1024];
    private int[] batchSlots = new int[1024];
    private int batchSize;

    private CappedTable(Claims claims, int excess) {
        this.claims = claims;
        this.room = new int[claims.members()];
        this.next = new int[claims.members()];
        this.owners = new char[claims.slots()];
        this.free = claims.slots();
        Arrays.fill(owners, TableRouter.NO_OWNER);
        for (int i = 0; i < room.length; i++) {
            room[i] = cap(claims, i, excess);
        }
    }

    /** How many slots a member may have; in whole numbers. */
    static int cap(Claims claims, int member, int excess) {
        long total = ((long) claims.totalWeight()) * PARTS;
        long wanted = (PARTS + excess) * ((long) claims.slots()) * ((long) claims.weight(member));
        return total == 0 ? 0 : (int) Math.min(claims.slots(), (wanted + total - 1) / total);
    }

    /** The owners by slot, with ε = excess / {@value #PARTS}. */
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
            for (int member = 0; member < room.length; member++) {
                if (room[member] > 0) {
                    collect(member, order(until));
                }
            }
            take();
        }
        int[] left = IntStream.range(0, owners.length)
                .filter(slot -> owners[slot] == TableRouter.NO_OWNER)
                .toArray();
        for (int member = 0; member < room.length; member++) {
            if (room[member] > 0) {
                for (int slot : left) {
                    add(member, claims.claim(member, slot), slot);
                }
            }
        }
        take();
    }

    /** How many claims are left at most: each member with room on each free slot. */
    private long pairsLeft() {
        long open = 0;
        for (int left : room) {
            open += left > 0 ? 1 : 0;
        }
        return open * free;
    }

    private double openWeight() {
        double sum = 0;
        for (int i = 0; i < room.length; i++) {
            sum += room[i] > 0 ? claims.weight(i) : 0;
        }
        return sum;
    }

    /** Makes a member's claims up to a time, itself included, as far as they are on free slots. */
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

    /** A time without its last binary digits; positive numbers are in the order of their bits. */
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

    private void take() {
        Arrays.sort(batch, 0, batchSize);
        for (int i = 0; i < batchSize; i++) {
            int at = (int) (batch[i] & ORDER_MASK);
            int slot = batchSlots[at];
            int member = batchMembers[at];
            if (owners[slot] == TableRouter.NO_OWNER && room[member] > 0) {
                owners[slot] = (char) member;
                room[member]--;
                free--;
            }
        }
        batchSize = 0;
    }
}
