package io.github.lbkit.hashing.internal;

import io.github.lbkit.api.Cursor;

/**
 * The four members with the lowest scores of those that were offered, in the order of scores; equal scores in the order in
 * which they came. One look at all members finds four candidates, of which the walk's cursor keeps those that are not
 * due yet in its second word. Confined to one thread, and made for one look.
 */
final class NextFour {
    /** For an index plus one; three fit into a word. */
    private static final int BITS = 21;

    private int first = -1;
    private int second = -1;
    private int third = -1;
    private int fourth = -1;

    /** Not a number where there is nobody yet, so that no score is behind it. */
    private double firstScore = Double.NaN;

    private double secondScore = Double.NaN;
    private double thirdScore = Double.NaN;
    private double fourthScore = Double.NaN;

    /** Whether four are known that no member with this score, or a higher one, comes before. */
    boolean excludes(double score) {
        return score >= fourthScore;
    }

    void offer(int index, double score) {
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

    /** The first of the four, or −1; the cursor keeps the others. */
    int give(Cursor cursor) {
        long rest = kept(fourth, 0);
        rest = kept(third, rest);
        cursor.setScratch(1, kept(second, rest));
        return first;
    }

    /** This one before the others; nobody if it is too large to be kept, so that those after it are looked for again. */
    private static long kept(int index, long others) {
        return index + 1L < 1 << BITS ? index + 1L | others << BITS : 0;
    }

    /** The next that the cursor keeps, or −1. */
    static int kept(Cursor cursor) {
        long kept = cursor.scratch(1);
        cursor.setScratch(1, kept >>> BITS);
        return (int) (kept & ((1 << BITS) - 1)) - 1;
    }
}
