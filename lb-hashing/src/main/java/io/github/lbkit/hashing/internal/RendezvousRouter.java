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
 * lowest score need one. A member's score depends on nothing but itself, and equal weights take the
 * same path, so a change of one weight leaves the order of the others as it was. Weight 0 scores infinity.
 */
public final class RendezvousRouter extends ListedRouter {
    private static final Set<Guarantee> GUARANTEES = Set.of(
            Guarantee.CANDIDATES_FILTER, Guarantee.MINIMAL_DISRUPTION, Guarantee.PROPORTIONAL, Guarantee.WEIGHT_RATIOS);

    /** Takes more off a bound than rounding and the logarithm's error can add to it. */
    private static final double BELOW = 1 - 0x1p-44;

    /** So many that nearly all of more are rightly foretold not to be lower than those before them. */
    private static final int FEW = 32;

    private static final long ONE = Double.doubleToRawLongBits(1);
    private static final long INFINITE = Double.doubleToRawLongBits(Double.POSITIVE_INFINITY);

    private final long[] names;
    private final double[] weights;

    /** Not above 1 / weight. */
    private final double[] inverses;

    private final long total;

    /** The router of these members, in any order. */
    public RendezvousRouter(Collection<Member> unsorted) {
        super(Members.sorted(unsorted));
        int n = members.size();
        names = new long[n];
        weights = new double[n];
        inverses = new double[n];
        long sum = 0;
        for (int i = 0; i < n; i++) {
            Member member = members.get(i);
            names[i] = Mixer.name(member.id());
            weights[i] = member.weight();
            inverses[i] = BELOW / member.weight();
            sum += member.weight();
        }
        total = sum;
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
        int last = (int) cursor.word(0) - 1;
        int index = last < 0 && total > 0 ? first(keyHash) : after(keyHash, last, cursor);
        if (index >= 0) {
            cursor.visit(index);
            cursor.word(0, index + 1L);
        }
        return index;
    }

    /** Who has the lowest score; some member has a weight. */
    private int first(long keyHash) {
        return names.length <= FEW ? firstOfFew(keyHash) : firstByScore(keyHash);
    }

    /**
     * The same without a branch that depends on a draw: of few members, each is likely to be lower than those before it, so
     * none could be foretold. Positive numbers are in the order of their bits, whose differences make masks.
     */
    private int firstOfFew(long keyHash) {
        int first = -1;
        long lowest = INFINITE;
        long second = INFINITE;
        for (int i = 0; i < names.length; i++) {
            long floor = Double.doubleToRawLongBits(floor(i, draw(keyHash, i)));
            long ifLower = (floor - lowest) >> (Long.SIZE - 1);
            long swapped = (floor ^ lowest) & ifLower;
            lowest ^= swapped;
            first ^= (first ^ i) & (int) ifLower;
            long other = floor ^ swapped;
            second ^= (second ^ other) & ((other - second) >> (Long.SIZE - 1));
        }
        return Double.longBitsToDouble(second) > score(first, draw(keyHash, first)) ? first : firstByScore(keyHash);
    }

    /** The same by scores, of those whose bounds do not tell. */
    private int firstByScore(long keyHash) {
        int first = -1;
        double lowest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < names.length; i++) {
            double draw = draw(keyHash, i);
            if (floor(i, draw) < lowest) {
                double score = score(i, draw);
                if (score < lowest) {
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
        long bits = Mixer.mix(keyHash ^ names[index]) >>> 12;
        return Double.longBitsToDouble(ONE | bits) - (1 - 0x1p-53);
    }

    /** Not above the score, and found without a logarithm. */
    private double floor(int index, double draw) {
        return (draw + draw * draw * 0.5) * inverses[index];
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
