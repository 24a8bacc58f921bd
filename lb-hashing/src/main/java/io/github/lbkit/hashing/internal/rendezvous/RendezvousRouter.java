package io.github.lbkit.hashing.internal.rendezvous;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.explain.Plan;
import io.github.lbkit.hashing.internal.hash.SplitMix64;
import io.github.lbkit.hashing.internal.router.AbstractHashRouter;
import io.github.lbkit.hashing.internal.router.Members;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Weighted rendezvous hashing. Each member draws u in (0, 1) from (key, id), and its score is −ln(u) / weight. The
 * lowest score owns the key; the candidates are in the order of scores, and equal scores in the order of ids. Scores
 * are exponentially distributed with the weight as rate, so shares are exactly proportional (Thaler and Ravishankar
 * 1998; Schindelhauer and Schomaker 2005). Weight 0 has the score infinity.
 *
 * <p>The owner takes O(n), and so do each four candidates after it. {@link Exponential} computes logarithms with the
 * same result on every JVM. Few are needed: with v = 1 − u, v + v² / 2 ≤ −ln(1 − v), so only a member whose bound is
 * below the lowest score needs one. The owner needs none if the bounds, or for equal weights the draws, are far enough
 * apart. Otherwise scores decide. The score of a member depends on no other member, so a change of one weight keeps the
 * order of the others.
 */
public final class RendezvousRouter extends AbstractHashRouter {
    private static final Set<Guarantee> GUARANTEES = Set.of(
            Guarantee.CANDIDATES_FILTER, Guarantee.MINIMAL_DISRUPTION, Guarantee.PROPORTIONAL, Guarantee.WEIGHT_RATIOS);

    /** A factor below 1 that outweighs the errors of rounding and of the logarithm. */
    private static final double BELOW = 1 - 0x1p-44;

    /** A factor above 1 that outweighs {@link #BELOW} and the index in the low bits of a rank. */
    private static final double ABOVE = 1 + 0x1p-40;

    /** The number of members up to which the scan is branch-free: with more, branches are predicted well. */
    private static final int BRANCH_FREE_MEMBERS = 100;

    /** The number of indexes that fit into the low bits of a rank. */
    private static final long INDEXES = 1 << 10;

    /** The number of bits of a hash that a draw does not use. */
    private static final int UNDRAWN_BITS = 12;

    private static final long ONE = Double.doubleToRawLongBits(1);
    private static final long INFINITE = Double.doubleToRawLongBits(Double.POSITIVE_INFINITY);

    private final long[] names;
    private final double[] weights;

    /** A lower bound of 1 / (2 · weight), by member. */
    private final double[] halfInverses;

    /** True if all members have the same weight. */
    private final boolean equal;

    private final long total;

    /** Creates the router of these members, in any order. */
    public RendezvousRouter(Collection<Member> unsorted) {
        super(Members.sorted(unsorted));
        int n = members.size();
        names = new long[n];
        weights = new double[n];
        halfInverses = new double[n];
        long sum = 0;
        boolean same = true;
        for (int i = 0; i < n; i++) {
            Member member = members.get(i);
            names[i] = SplitMix64.memberHash(member.id());
            weights[i] = member.weight();
            halfInverses[i] = BELOW / 2 / member.weight();
            sum += member.weight();
            same &= weights[i] == weights[0];
        }
        total = sum;
        equal = same;
    }

    @Override
    public Set<Guarantee> guarantees() {
        return GUARANTEES;
    }

    @Override
    public String name() {
        return "rendezvous";
    }

    @Override
    public int owner(long keyHash) {
        return total == 0 ? -1 : first(keyHash);
    }

    /**
     * Returns the next candidate. The cursor's words: the last index plus 1; the candidates that were found with it.
     */
    @Override
    public int next(long keyHash, Cursor cursor) {
        int last = (int) cursor.scratch(0) - 1;
        int index = last < 0 && total > 0 ? first(keyHash) : after(keyHash, last, cursor);
        if (index >= 0) {
            cursor.visit(index);
            cursor.setScratch(0, index + 1L);
        }
        return index;
    }

    /** Returns the member with the lowest score, if a member has a weight. */
    private int first(long keyHash) {
        if (names.length <= BRANCH_FREE_MEMBERS) {
            return firstBranchFree(keyHash);
        }
        return equal ? firstOfEqual(keyHash) : firstByScore(keyHash, 0);
    }

    /**
     * Finds the lowest score of few members without a branch that depends on a draw: each of few members is likely to
     * be lower than all before it, so such a branch would be mispredicted. The rank of a member is its draw if weights
     * are equal, otherwise its bound. Ranks are positive numbers with the index in the low bits, so differences give
     * masks.
     */
    private int firstBranchFree(long keyHash) {
        long lowest = INFINITE;
        long second = INFINITE;
        for (int i = 0; i < names.length; i++) {
            long bits = equal ? drawn(keyHash, i) >>> 2 : Double.doubleToRawLongBits(floor(i, draw(keyHash, i)));
            long rank = (bits & -INDEXES) | i;
            long less = rank - lowest;
            less &= less >> (Long.SIZE - 1);
            long other = rank - less - second;
            lowest += less;
            second += other & (other >> (Long.SIZE - 1));
        }
        int first = (int) (lowest & (INDEXES - 1));
        boolean decided = equal ? drawsDecide(lowest, second) : boundsDecide(first, lowest, second);
        return decided ? first : firstByScore(keyHash, first);
    }

    /** Finds the lowest score of many members of equal weight, few of which are among the two lowest so far. */
    private int firstOfEqual(long keyHash) {
        int first = 0;
        long lowest = Long.MAX_VALUE;
        long second = Long.MAX_VALUE;
        for (int i = 0; i < names.length; i++) {
            long draw = drawn(keyHash, i) >>> UNDRAWN_BITS;
            if (draw < second) {
                if (draw < lowest) {
                    second = lowest;
                    lowest = draw;
                    first = i;
                } else {
                    second = draw;
                }
            }
        }
        return drawsDecide(lowest, second) ? first : firstByScore(keyHash, first);
    }

    /** Returns whether the lower of two draws has the lower score for equal weights, however logarithms are rounded. */
    private static boolean drawsDecide(long lowest, long second) {
        return second - lowest > lowest >>> 10;
    }

    /**
     * Returns whether the member with the lowest bound certainly has the lowest score: with q = v + v² / 2 ≤ 1,
     * −ln(1 − v) ≤ q + q³ / 3.
     */
    private boolean boundsDecide(int first, long lowest, long second) {
        double floor = Double.longBitsToDouble(lowest);
        double q = floor * weights[first];
        return q <= 1 && floor * (1 + q * q * (1.0 / 3)) * ABOVE < Double.longBitsToDouble(second);
    }

    /** Finds the lowest score, computing only the scores of members whose bound is not above the lowest so far. */
    private int firstByScore(long keyHash, int known) {
        int first = known;
        double lowest = score(first, draw(keyHash, first));
        for (int i = 0; i < names.length; i++) {
            double draw = draw(keyHash, i);
            if (floor(i, draw) <= lowest) {
                double score = score(i, draw);
                if (score < lowest || (score == lowest && i < first)) {
                    first = i;
                    lowest = score;
                }
            }
        }
        return first;
    }

    /**
     * Returns the member after {@code last} in the order of candidates, or the first member if that is −1; −1 if there
     * is none. The cursor keeps the members after it in its second word.
     */
    int after(long keyHash, int last, Cursor cursor) {
        int kept = LowestFour.nextKept(cursor);
        if (kept >= 0) {
            return kept;
        }
        double lastScore = last < 0 ? -1 : score(last, draw(keyHash, last));
        LowestFour lowest = new LowestFour();
        for (int i = 0; i < names.length; i++) {
            double draw = draw(keyHash, i);
            if (lowest.excludes(floor(i, draw))) {
                continue;
            }
            double score = score(i, draw);
            if (score > lastScore || (score == lastScore && i > last)) {
                lowest.offer(i, score);
            }
        }
        return lowest.takeFirst(cursor);
    }

    /**
     * Returns v = 1 − u: 52 bits and a half, so that neither v nor u is 0, 1 or rounded. The bits become the mantissa
     * of a number from 1 to 2, because the conversion of a long to a double would wait for the previous result.
     */
    private double draw(long keyHash, int index) {
        return Double.longBitsToDouble(ONE | (drawn(keyHash, index) >>> UNDRAWN_BITS)) - (1 - 0x1p-53);
    }

    /** Returns the bits of the draw, followed by {@value #UNDRAWN_BITS} unused bits. */
    private long drawn(long keyHash, int index) {
        return SplitMix64.mix(keyHash ^ names[index]);
    }

    /** Returns a lower bound of the score, computed without a logarithm. */
    private double floor(int index, double draw) {
        return draw * (draw + 2) * halfInverses[index];
    }

    private double score(int index, double draw) {
        return Exponential.quantile(draw) / weights[index];
    }

    @Override
    public HashRouter withMembers(List<Member> newMembers) {
        return new RendezvousRouter(newMembers);
    }

    @Override
    public double share(int index) {
        return total == 0 ? 0 : weights[index] / total;
    }

    @Override
    public List<Plan.Move> movesTo(HashRouter after) {
        if (!(after instanceof RendezvousRouter)) {
            throw incomparable(after);
        }
        return new RendezvousMoves(members, after.members()).all();
    }
}
