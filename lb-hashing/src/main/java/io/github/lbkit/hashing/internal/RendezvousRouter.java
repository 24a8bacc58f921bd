package io.github.lbkit.hashing.internal;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Plan;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Weighted rendezvous hashing: each member draws u in (0, 1) from (key, id) and scores −ln(u) / weight; the lowest score
 * owns the key, and the candidates are in order of score, equal scores in order of id. Scores are exponential with the
 * weight as rate, so shares are exactly proportional (Thaler and Ravishankar 1998; Schindelhauer and Schomaker 2005).
 *
 * <p>O(n) for the owner, and for each four candidates behind it. Logarithms are {@linkplain Exponential pinned}, for the same
 * answer on every JVM, and few: with v = 1 − u, v + v² / 2 ≤ −ln(1 − v), so only members whose bound is lower than the
 * lowest score need one; and an owner none, if the bounds of all, or the draws of members of equal weight, are far enough apart. Where
 * they are not, scores decide: a member's score depends on nothing but itself, so a change of one weight leaves the order of the
 * others as it was. Weight 0 scores infinity.
 */
public final class RendezvousRouter extends ListedRouter {
    private static final Set<Guarantee> GUARANTEES = Set.of(
            Guarantee.CANDIDATES_FILTER, Guarantee.MINIMAL_DISRUPTION, Guarantee.PROPORTIONAL, Guarantee.WEIGHT_RATIOS);

    /** Takes more off a bound than rounding and the logarithm's error can add to it. */
    private static final double BELOW = 1 - 0x1p-44;

    /** Adds more to a bound than that, and the index in its low bits, took off it. */
    private static final double ABOVE = 1 + 0x1p-40;

    /** So many that nearly all of more are rightly foretold not to be lower than those before them. */
    private static final int FEW = 100;

    /** As many as the low bits of a rank can number. */
    private static final long INDEXES = 1 << 10;

    /** Bits of a hash that a draw leaves out. */
    private static final int UNDRAWN = 12;

    private static final long ONE = Double.doubleToRawLongBits(1);
    private static final long INFINITE = Double.doubleToRawLongBits(Double.POSITIVE_INFINITY);

    private final long[] names;
    private final double[] weights;

    /** Not above 1 / 2 / weight. */
    private final double[] halfInverses;

    /** Whether all weights are the same. */
    private final boolean equal;

    private final long total;

    /** The router of these members, in any order. */
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
            names[i] = Mixer.name(member.id());
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

    /** Words of the cursor: the last index plus 1; the candidates that were found with it. */
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

    /** Who has the lowest score; some member has a weight. */
    private int first(long keyHash) {
        if (names.length <= FEW) {
            return firstOfFew(keyHash);
        }
        return equal ? firstOfEqual(keyHash) : firstByScore(keyHash, 0);
    }

    /**
     * The same without a branch that depends on a draw: of few members, each is likely to be lower than those before it, so
     * none could be foretold. Equal members rank by their draws, others by their bounds. Ranks are positive numbers with the
     * index in the low bits, whose differences make masks.
     */
    private int firstOfFew(long keyHash) {
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
        boolean told = equal ? drawsTell(lowest, second) : boundsTell(first, lowest, second);
        return told ? first : firstByScore(keyHash, first);
    }

    /** The same of many equal members: nearly none of them is one of the two lowest so far. */
    private int firstOfEqual(long keyHash) {
        int first = 0;
        long lowest = Long.MAX_VALUE;
        long second = Long.MAX_VALUE;
        for (int i = 0; i < names.length; i++) {
            long draw = drawn(keyHash, i) >>> UNDRAWN;
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
        return drawsTell(lowest, second) ? first : firstByScore(keyHash, first);
    }

    /** Whether of two equal members' draws the lower one has the lower score for certain, however logarithms are rounded. */
    private static boolean drawsTell(long lowest, long second) {
        return second - lowest > lowest >>> 10;
    }

    /** Whether the member with the lowest bound has the lowest score: with q = v + v² / 2 ≤ 1, −ln(1 − v) ≤ q + q³ / 3. */
    private boolean boundsTell(int first, long lowest, long second) {
        double floor = Double.longBitsToDouble(lowest);
        double q = floor * weights[first];
        return q <= 1 && floor * (1 + q * q * (1.0 / 3)) * ABOVE < Double.longBitsToDouble(second);
    }

    /** The same by scores, of those whose bounds do not tell that one member's is lower. */
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
     * The first member behind another in the order of candidates, or of all if it is −1; −1 if there is none. Those that
     * follow are kept in the cursor's second word.
     */
    int after(long keyHash, int last, Cursor cursor) {
        int kept = NextFour.kept(cursor);
        if (kept >= 0) {
            return kept;
        }
        double lastScore = last < 0 ? -1 : score(last, draw(keyHash, last));
        NextFour next = new NextFour();
        for (int i = 0; i < names.length; i++) {
            double draw = draw(keyHash, i);
            if (next.excludes(floor(i, draw))) {
                continue;
            }
            double score = score(i, draw);
            if (score > lastScore || (score == lastScore && i > last)) {
                next.offer(i, score);
            }
        }
        return next.give(cursor);
    }

    /**
     * v = 1 − u: 52 bits and a half, so that neither it nor u is ever 0, 1 or rounded. The bits are put behind the point of a
     * number from 1 to 2, since to turn a long into a double would wait for what was computed last.
     */
    private double draw(long keyHash, int index) {
        return Double.longBitsToDouble(ONE | (drawn(keyHash, index) >>> UNDRAWN)) - (1 - 0x1p-53);
    }

    /** The bits of the draw, and behind them {@value #UNDRAWN} that do not count. */
    private long drawn(long keyHash, int index) {
        return Mixer.mix(keyHash ^ names[index]);
    }

    /** Not above the score, and found without a logarithm. */
    private double floor(int index, double draw) {
        return draw * (draw + 2) * halfInverses[index];
    }

    private double score(int index, double draw) {
        return Exponential.of(draw) / weights[index];
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
            throw untold(after);
        }
        return new RendezvousMoves(members, after.members()).all();
    }
}
