package io.github.lbkit.hashing.internal.rendezvous;

import io.github.lbkit.api.Cursor;

/**
 * The four lowest of the scores that were offered, with their members, in the order of scores. Equal scores keep the
 * order in which they were offered. One scan over all members thus finds four candidates; the cursor keeps the second
 * to fourth in its second word. Confined to one thread and to one scan.
 */
public final class LowestFour {
    /** The number of bits for an index plus 1: three fit into a word. */
    private static final int BITS = 21;

    private int first = -1;
    private int second = -1;
    private int third = -1;
    private int fourth = -1;

    /** NaN until there is a member, so that no score compares as higher. */
    private double firstScore = Double.NaN;

    private double secondScore = Double.NaN;
    private double thirdScore = Double.NaN;
    private double fourthScore = Double.NaN;

    /** Creates an empty selection. */
    public LowestFour() {}

    /** Returns whether four scores are known and none of them is higher than this one. */
    public boolean excludes(double score) {
        return score >= fourthScore;
    }

    /** Adds a member if its score is among the four lowest. */
    public void offer(int index, double score) {
        if (score >= fourthScore) {
            return;
        }
        if (score >= thirdScore) {
            fourth = index;
            fourthScore = score;
            return;
        }
        fourth = third;
        fourthScore = thirdScore;
        if (score >= secondScore) {
            third = index;
            thirdScore = score;
            return;
        }
        third = second;
        thirdScore = secondScore;
        if (score >= firstScore) {
            second = index;
            secondScore = score;
            return;
        }
        second = first;
        secondScore = firstScore;
        first = index;
        firstScore = score;
    }

    /** Returns the member with the lowest score, or −1; stores the others in the cursor. */
    public int takeFirst(Cursor cursor) {
        long rest = packed(fourth, 0);
        rest = packed(third, rest);
        cursor.setScratch(1, packed(second, rest));
        return first;
    }

    /** Returns the packed indexes with this one first; none if it needs too many bits, so that a new scan finds it. */
    private static long packed(int index, long others) {
        return index + 1L < 1 << BITS ? index + 1L | others << BITS : 0;
    }

    /** Removes and returns the next index that the cursor keeps, or −1. */
    public static int nextKept(Cursor cursor) {
        long kept = cursor.scratch(1);
        cursor.setScratch(1, kept >>> BITS);
        return (int) (kept & ((1 << BITS) - 1)) - 1;
    }
}
