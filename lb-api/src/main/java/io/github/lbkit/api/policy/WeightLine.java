package io.github.lbkit.api.policy;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.Member;
import java.util.List;

/**
 * The members as segments of a line, each as long as its weight divided by the common divisor of all weights. Finds the
 * member at a position, and draws in proportion to weight. Immutable.
 *
 * <p>The line is divided into two to four pieces of equal length for each member. Each piece knows the member at its
 * beginning, so a random position is found in O(1) on average and any position in O(log n).
 */
final class WeightLine {
    /** The number of draws that may hit visited members before a draw scans every member. */
    static final int TRIES = 4;

    private static final long MAX_LENGTH = 1L << 40;

    private final long[] ends;
    private final int shift;
    private final int[] firstOfPiece;
    private final long length;
    private final int candidates;

    /** True if all weights are equal: then every segment has length 1. */
    private final boolean even;

    WeightLine(List<Member> members) {
        long divisor = 0;
        for (Member member : members) {
            divisor = gcd(divisor, member.weight());
        }
        ends = new long[members.size()];
        long end = 0;
        int positive = 0;
        for (int i = 0; i < ends.length; i++) {
            int weight = members.get(i).weight();
            end += weight == 0 ? 0 : weight / divisor;
            positive += weight == 0 ? 0 : 1;
            ends[i] = end;
        }
        if (end >= MAX_LENGTH) {
            throw new IllegalArgumentException("the weights of " + ends.length + " members sum to " + end
                    + ", which is not below " + MAX_LENGTH + "; use smaller weights");
        }
        length = end;
        candidates = positive;
        even = positive == ends.length && end == positive;
        shift = Math.max(0, 62 - Long.numberOfLeadingZeros(end / Math.max(1, ends.length)));
        firstOfPiece = firstOfPiece();
    }

    private int[] firstOfPiece() {
        int[] firsts = new int[(int) (length >>> shift) + 2];
        int member = 0;
        for (int piece = 0; piece < firsts.length; piece++) {
            while (member < ends.length - 1 && ends[member] <= (long) piece << shift) {
                member++;
            }
            firsts[piece] = member;
        }
        return firsts;
    }

    static long gcd(long a, long b) {
        while (b != 0) {
            long rest = a % b;
            a = b;
            b = rest;
        }
        return a;
    }

    /** Returns the sum of all segments; 0 if no member has a weight. */
    long length() {
        return length;
    }

    /** Returns the number of members with a weight above 0. */
    int candidates() {
        return candidates;
    }

    /** Returns the length of a member's segment. */
    long part(int index) {
        if (even) {
            return 1;
        }
        return index == 0 ? ends[0] : ends[index] - ends[index - 1];
    }

    /** Returns the member at a position from 0 (inclusive) to the length (exclusive). */
    int at(long position) {
        if (even) {
            return (int) position;
        }
        int piece = (int) (position >>> shift);
        int low = firstOfPiece[piece];
        int high = firstOfPiece[piece + 1];
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ends[middle] > position) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /**
     * Draws an unvisited member in proportion to weight; O(1) on average while few are visited, else O(n).
     *
     * @param except an index that is excluded too; −1 for none
     * @return −1 if no member is left
     */
    int draw(Cursor cursor, int except) {
        if (cursor.taken() >= candidates) {
            return -1;
        }
        for (int tries = 0; tries < TRIES; tries++) {
            int index = at(scaled(cursor.random(), length));
            if (index != except && !cursor.visited(index)) {
                return index;
            }
        }
        return drawAmongRest(cursor, except);
    }

    /** Draws as {@link #draw} does, by a scan of every member. */
    int drawAmongRest(Cursor cursor, int except) {
        long rest = 0;
        for (int i = 0; i < ends.length; i++) {
            rest += i == except || cursor.visited(i) ? 0 : part(i);
        }
        if (rest == 0) {
            return -1;
        }
        long position = scaled(cursor.random(), rest);
        for (int i = 0; ; i++) {
            position -= i == except || cursor.visited(i) ? 0 : part(i);
            if (position < 0) {
                return i;
            }
        }
    }

    private static long scaled(long random, long bound) {
        return Math.multiplyHigh(random >>> 1, bound << 1);
    }
}
