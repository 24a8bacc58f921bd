package io.github.lbkit.hashing.internal;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * A ring with a fixed number of points for a unit of weight (Karger and others 1997), so a member's points depend on it
 * alone: what joins or leaves moves no key between others. With V points a member the deviation of shares is 1 / √V: at
 * V = 100 the most loaded of 1,000 members has about 1.35 times its share.
 *
 * <p>Owner O(1) expected: a table of prefixes, then one or two points. All candidates O(points) at worst, the next one
 * O(1) expected. A change of members copies and merges the points, O(points).
 */
public final class FixedRingRouter extends RingRouter {
    private static final int MAX_POINTS = 1 << 23;
    private static final double MAX_POINTS_PER_WEIGHT = 100_000;
    private static final long STEP = 0xD1B54A32D192ED03L;

    private final double pointsPerWeight;
    private final PackedPoints packed;

    /**
     * The ring of these members, in any order.
     *
     * @param pointsPerWeight virtual nodes for each unit of weight, rounded to a whole number for each member, 1 at least
     */
    public FixedRingRouter(Collection<Member> members, double pointsPerWeight) {
        this(SlotRouter.sorted(members, "a ring"), checked(pointsPerWeight), List.of(), new PackedPoints(new long[0]));
    }

    private FixedRingRouter(List<Member> sorted, double pointsPerWeight, List<Member> before, PackedPoints points) {
        this(sorted, pointsPerWeight, changed(sorted, pointsPerWeight, before, points));
    }

    private FixedRingRouter(List<Member> sorted, double pointsPerWeight, PackedPoints points) {
        super(sorted, points);
        this.pointsPerWeight = pointsPerWeight;
        this.packed = points;
    }

    private static double checked(double pointsPerWeight) {
        if (!(pointsPerWeight > 0 && pointsPerWeight <= MAX_POINTS_PER_WEIGHT)) {
            throw new IllegalArgumentException(
                    "points per weight " + pointsPerWeight + " is not above 0 and up to " + MAX_POINTS_PER_WEIGHT);
        }
        return pointsPerWeight;
    }

    /** The points of members that stay as they are, with their new numbers, and behind them those of the others. */
    private static PackedPoints changed(
            List<Member> sorted, double pointsPerWeight, List<Member> before, PackedPoints points) {
        int[] kept = Members.indexes(before, sorted);
        boolean[] made = new boolean[sorted.size()];
        for (int i = 0; i < kept.length; i++) {
            if (kept[i] >= 0 && sorted.get(kept[i]).weight() == before.get(i).weight()) {
                made[kept[i]] = true;
            } else {
                kept[i] = -1;
            }
        }
        long[] all = new long[total(sorted, pointsPerWeight)];
        int count = 0;
        for (int point = 0; point < points.size(); point++) {
            int owner = kept[points.owner(point)];
            if (owner >= 0) {
                all[count++] = PackedPoints.renumbered(points.packed(point), owner);
            }
        }
        int old = count;
        for (int i = 0; i < made.length; i++) {
            int more = made[i] ? 0 : count(sorted.get(i), pointsPerWeight);
            long name = more == 0 ? 0 : Mixer.name(sorted.get(i).id());
            for (int j = 1; j <= more; j++) {
                all[count++] = PackedPoints.pack(Mixer.mix(name + j * STEP), i);
            }
        }
        Arrays.sort(all, old, count);
        return new PackedPoints(all);
    }

    private static int count(Member member, double pointsPerWeight) {
        return member.weight() == 0 ? 0 : (int) Math.max(1, Math.rint(member.weight() * pointsPerWeight));
    }

    private static int total(List<Member> members, double pointsPerWeight) {
        long total = 0;
        for (Member member : members) {
            total += count(member, pointsPerWeight);
        }
        if (total > MAX_POINTS) {
            throw new IllegalArgumentException(
                    "a ring with " + pointsPerWeight + " points per weight would have " + total
                            + " points for these " + members.size() + " members, and " + MAX_POINTS
                            + " is the most; lower points-per-weight, which may be below 1, or use a policy such as 'hash'");
        }
        return (int) total;
    }

    @Override
    long place(long keyHash) {
        return keyHash;
    }

    /** Proportional if no member's number of points was rounded. */
    @Override
    public Set<Guarantee> guarantees() {
        return pointsPerWeight == Math.rint(pointsPerWeight)
                ? Set.of(Guarantee.CANDIDATES_FILTER, Guarantee.MINIMAL_DISRUPTION, Guarantee.PROPORTIONAL)
                : Set.of(Guarantee.CANDIDATES_FILTER, Guarantee.MINIMAL_DISRUPTION);
    }

    @Override
    public String name() {
        return "ring(points per weight=" + pointsPerWeight + ")";
    }

    @Override
    public HashRouter withMembers(List<Member> newMembers) {
        return new FixedRingRouter(SlotRouter.sorted(newMembers, "a ring"), pointsPerWeight, members, packed);
    }
}
