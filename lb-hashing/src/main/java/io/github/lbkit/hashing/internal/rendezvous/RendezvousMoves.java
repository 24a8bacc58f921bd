package io.github.lbkit.hashing.internal.rendezvous;

import io.github.lbkit.api.Member;
import io.github.lbkit.api.explain.Plan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * The exact flow of keys between the owners of two weighted rendezvous routers.
 *
 * <p>Member j has weight v before and w after (0 if it is not a member), and one exponential draw E for both routers:
 * its score is E / v before and E / w after. A key moves from a to b if a has the lowest score t before, and b has the
 * lowest score r · t after. Given t and r, the probability that no other member has a lower score in either router is
 * exp(−t · S(r)) with S(r) = Σ max(v, w · r), for v(b) / w(b) ≤ r ≤ v(a) / w(a). Integration over t gives flow(a → b) =
 * v(a) · w(b) · ∫ dr / S(r)² between these two ratios. S is linear between neighbouring ratios v / w, where the
 * integral from p to q is (q − p) / (S(p) · S(q)).
 *
 * <p>Keys therefore move from one member to another only if the weight of the other grew by a larger factor.
 */
final class RendezvousMoves {
    /** The members with a weight before or after, sorted by the ratio of the two, smallest first. */
    private final List<Change> changes = new ArrayList<>();

    private final long before;
    private final long after;
    private final double[] steps;

    private record Change(String id, long before, long after) {
        int compareRatio(Change other) {
            return Long.compare(before * other.after, other.before * after);
        }
    }

    RendezvousMoves(List<Member> before, List<Member> after) {
        TreeMap<String, Change> byId = new TreeMap<>();
        before.forEach(m -> byId.put(m.id(), new Change(m.id(), m.weight(), 0)));
        after.forEach(m -> byId.merge(
                m.id(), new Change(m.id(), 0, m.weight()), (a, b) -> new Change(m.id(), a.before(), b.after())));
        for (Change change : byId.values()) {
            if (change.before() > 0 || change.after() > 0) {
                changes.add(change);
            }
        }
        changes.sort(Change::compareRatio);
        this.before = changes.stream().mapToLong(Change::before).sum();
        this.after = changes.stream().mapToLong(Change::after).sum();
        this.steps = this.before == 0 || this.after == 0 ? new double[0] : steps();
    }

    /** Returns each pair of owners between which keys move, sorted by ids. */
    List<Plan.Move> all() {
        List<Plan.Move> moves = new ArrayList<>();
        if (before == 0 || after == 0) {
            for (Change change : changes) {
                moves.add(
                        before == 0
                                ? new Plan.Move("", change.id(), (double) change.after() / after)
                                : new Plan.Move(change.id(), "", (double) change.before() / before));
            }
        } else {
            for (int to = 0; to < changes.size(); to++) {
                flowsTo(to, moves);
            }
        }
        moves.sort(Comparator.comparing(Plan.Move::from).thenComparing(Plan.Move::to));
        return moves;
    }

    private void flowsTo(int to, List<Plan.Move> moves) {
        Change target = changes.get(to);
        double integral = 0;
        for (int from = to + 1; from < steps.length; from++) {
            integral += steps[from];
            if (integral > 0 && target.after() > 0) {
                Change source = changes.get(from);
                moves.add(new Plan.Move(source.id(), target.id(), source.before() * integral * target.after()));
            }
        }
    }

    /** Returns, for each ratio, ∫ dr / S(r)² from the previous ratio; 0 if the two are equal. */
    private double[] steps() {
        double[] integrals = new double[changes.size()];
        for (int i = 1; i < integrals.length; i++) {
            Change lower = changes.get(i - 1);
            Change upper = changes.get(i);
            if (upper.compareRatio(lower) > 0) {
                integrals[i] = integral(lower, upper);
            }
        }
        return integrals;
    }

    private double integral(Change lower, Change upper) {
        double rate = rateAt(lower);
        if (upper.after() == 0) {
            return 1 / (after * rate); // integral to infinity, with slope Σ w
        }
        double width = (double) (upper.before() * lower.after() - lower.before() * upper.after())
                / ((double) lower.after() * upper.after());
        return width / rate / rateAt(upper);
    }

    /** Returns S at the ratio of this change. */
    private double rateAt(Change change) {
        double sum = 0;
        for (Change other : changes) {
            sum += Math.max(other.before() * change.after(), other.after() * change.before());
        }
        return sum / change.after();
    }
}
