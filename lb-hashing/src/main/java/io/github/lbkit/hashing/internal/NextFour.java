package io.github.lbkit.hashing.internal;

import io.github.lbkit.api.Cursor;

/**
 * The four members with the lowest scores of those that were offered, in the order of scores; equal scores in the order in
 * which they came. One look at all members finds four candidates, of which the walk's cursor keeps those that are not
 * due yet in its second and third word. Confined to one thread, and made for one look.
 */
final class NextFour {
    private static final int HALF = 32;

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
        cursor.word(1, (second + 1L) | (third + 1L) << HALF);
        cursor.word(2, fourth + 1L);
        return first;
    }

    /** The next that the cursor keeps, or −1. */
    static int kept(Cursor cursor) {
        long near = cursor.word(1);
        long rest = near >>> HALF;
        if (rest != 0) {
            cursor.word(1, rest);
        } else {
            cursor.word(1, cursor.word(2));
            cursor.word(2, 0);
        }
        return (int) near - 1;
    }
}
