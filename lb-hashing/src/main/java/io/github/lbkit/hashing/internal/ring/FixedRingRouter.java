package io.github.lbkit.hashing.internal.ring;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import io.github.lbkit.hashing.internal.hash.SplitMix64;
import io.github.lbkit.hashing.internal.router.Members;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A ring with a fixed number of points for each unit of weight (Karger and others 1997). The points of a member depend
 * on that member alone, so a member that joins or leaves moves no key between others. With V points for each member,
 * shares deviate by 1 / √V: at V = 100 the most loaded of 1,000 members has about 1.35 times its share. If all members
 * together would have more than 2^23 points, {@linkplain Density each has half of its points}, or a quarter, and so on.
 *
 * <p>The owner takes O(1) expected, one or two cells. The next candidate takes O(1) expected, all candidates O(points).
 * A change of members copies and merges the points, O(points).
 */
public final class FixedRingRouter extends RingRouter {
    private static final int MAX_POINTS = 1 << 23;
    private static final long STEP = 0xD1B54A32D192ED03L;

    private final Density density;

    /** The number of points for each unit of weight that these members have. */
    private final double pointsPerWeight;

    private final PackedPoints packed;

    private FixedRingRouter(List<Member> sorted, Density density, double pointsPerWeight, PackedPoints points) {
        super(sorted, points);
        this.density = density;
        this.pointsPerWeight = pointsPerWeight;
        this.packed = points;
    }

    /**
     * Creates the ring of these members, in any order.
     *
     * @param pointsPerWeight the number of points for each unit of weight, rounded for each member to at least 1
     */
    public static FixedRingRouter of(Collection<Member> members, double pointsPerWeight) {
        return of(members, new Density(pointsPerWeight, MAX_POINTS));
    }

    static FixedRingRouter of(Collection<Member> members, Density density) {
        List<Member> sorted = Members.sorted(members, "a ring");
        return rebuilt(sorted, density, density.pointsPerWeight(sorted));
    }

    private static FixedRingRouter rebuilt(List<Member> sorted, Density density, double pointsPerWeight) {
        PackedPoints none = new PackedPoints(new long[0]);
        return new FixedRingRouter(sorted, density, pointsPerWeight, changed(sorted, pointsPerWeight, List.of(), none));
    }

    /** Returns the points of the unchanged members with their new indexes, merged with the new points of all others. */
    private static PackedPoints changed(
            List<Member> sorted, double pointsPerWeight, List<Member> before, PackedPoints points) {
        int[] kept = Members.indexes(before, sorted);
        boolean[] unchanged = new boolean[sorted.size()];
        for (int i = 0; i < kept.length; i++) {
            if (kept[i] >= 0 && sorted.get(kept[i]).weight() == before.get(i).weight()) {
                unchanged[kept[i]] = true;
            } else {
                kept[i] = -1;
            }
        }
        long[] all = new long[(int) Density.points(sorted, pointsPerWeight)];
        int count = 0;
        for (long point : points.packed()) {
            int owner = kept[PackedPoints.owner(point)];
            if (owner >= 0) {
                all[count++] = PackedPoints.renumbered(point, owner);
            }
        }
        int keptCount = count;
        for (int i = 0; i < unchanged.length; i++) {
            long more = unchanged[i] ? 0 : Density.points(sorted.get(i), pointsPerWeight);
            long name = more == 0 ? 0 : SplitMix64.memberHash(sorted.get(i).id());
            for (int j = 1; j <= more; j++) {
                all[count++] = PackedPoints.pack(SplitMix64.mix(name + j * STEP), i);
            }
        }
        Arrays.sort(all, keptCount, count);
        return new PackedPoints(Arrays.copyOf(all, count));
    }

    @Override
    protected long ringPosition(long keyHash) {
        return keyHash;
    }

    /**
     * Returns the guarantees. Shares are proportional if the number of points of no member was rounded. If points were
     * halved, a change of members may halve or double the points of all, so the order of candidates is not guaranteed.
     */
    @Override
    public Set<Guarantee> guarantees() {
        Set<Guarantee> guarantees = EnumSet.noneOf(Guarantee.class);
        if (pointsPerWeight == density.pointsPerWeight()) {
            guarantees.add(Guarantee.CANDIDATES_FILTER);
            guarantees.add(Guarantee.MINIMAL_DISRUPTION);
        }
        if (pointsPerWeight == Math.rint(pointsPerWeight)) {
            guarantees.add(Guarantee.PROPORTIONAL);
        }
        return Set.copyOf(guarantees);
    }

    /** The name, with the configured number of points, so that it does not depend on the members. */
    @Override
    public String name() {
        return "ring(points per weight=" + density.pointsPerWeight() + ")";
    }

    @Override
    public HashRouter withMembers(List<Member> newMembers) {
        List<Member> sorted = Members.sorted(newMembers, "a ring");
        double next = density.pointsPerWeight(sorted);
        return next == pointsPerWeight
                ? new FixedRingRouter(sorted, density, next, changed(sorted, next, members, packed))
                : rebuilt(sorted, density, next);
    }
}
