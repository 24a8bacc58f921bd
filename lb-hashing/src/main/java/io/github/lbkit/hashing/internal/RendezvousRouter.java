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
 * <p>O(n) for each candidate. Logarithms are StrictMath's, for the same answer on every JVM, and few: 1 − u ≤ −ln u, so
 * one is only taken when that cheap bound beats the best so far. A member's score depends on nothing but itself, and
 * equal weights take the same path, so a change of one weight leaves the order of the others as it was. Weight 0 scores
 * infinity.
 */
public final class RendezvousRouter implements HashRouter {
    private static final Set<Guarantee> GUARANTEES =
            Set.of(Guarantee.CANDIDATES_FILTER, Guarantee.MINIMAL_DISRUPTION, Guarantee.PROPORTIONAL);

    /** Takes more off a bound than rounding can add to it. */
    private static final double BELOW = 1 - 0x1p-50;

    private final List<Member> members;
    private final long[] names;
    private final double[] weights;

    /** Not above 1 / weight. */
    private final double[] inverses;

    private final long total;

    /** The router of these members, in any order. */
    public RendezvousRouter(Collection<Member> unsorted) {
        members = Members.sorted(unsorted);
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
    public List<Member> members() {
        return members;
    }

    @Override
    public int owner(long keyHash) {
        return total == 0 ? -1 : after(keyHash, -1, -1);
    }

    /** Words of the cursor: the last score's bits; the last index plus 1. */
    @Override
    public int next(long keyHash, Cursor cursor) {
        int last = (int) cursor.word(1) - 1;
        int index = after(keyHash, last < 0 ? -1 : Double.longBitsToDouble(cursor.word(0)), last);
        if (index >= 0) {
            cursor.visit(index);
            cursor.word(0, Double.doubleToRawLongBits(score(index, draw(keyHash, index))));
            cursor.word(1, index + 1L);
        }
        return index;
    }

    /** The first member behind (score, index) in the order of candidates; −1 if there is none. */
    private int after(long keyHash, double lastScore, int lastIndex) {
        int first = -1;
        double lowest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < names.length; i++) {
            double draw = draw(keyHash, i);
            if (first >= 0 && draw * inverses[i] >= lowest) {
                continue;
            }
            double score = score(i, draw);
            boolean behind = score > lastScore || (score == lastScore && i > lastIndex);
            if (behind && (first < 0 || score < lowest)) {
                first = i;
                lowest = score;
            }
        }
        return first;
    }

    /** 1 − u: 52 bits and a half, so that neither it nor u is ever 0, 1 or rounded. */
    private double draw(long keyHash, int index) {
        return ((Mixer.mix(keyHash ^ names[index]) >>> 12) + 0.5) * 0x1p-52;
    }

    private double score(int index, double draw) {
        return -StrictMath.log(1 - draw) / weights[index];
    }

    @Override
    public HashRouter with(Member member) {
        return new RendezvousRouter(Members.with(members, member));
    }

    @Override
    public HashRouter without(String id) {
        List<Member> left = Members.without(members, id);
        return left.size() == members.size() ? this : new RendezvousRouter(left);
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
            throw new IllegalArgumentException("moves from " + name() + " to " + after.name() + " cannot be told");
        }
        return new RendezvousMoves(members, after.members()).all();
    }
}
