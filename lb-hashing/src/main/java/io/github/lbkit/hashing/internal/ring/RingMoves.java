package io.github.lbkit.hashing.internal.ring;

import io.github.lbkit.api.Member;
import io.github.lbkit.api.explain.Plan;
import io.github.lbkit.hashing.internal.router.Members;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The exact flow of keys between the owners of two rings, from one pass over the points of both. */
final class RingMoves {
    private static final double UNIT = 1.0 / Points.WHOLE;

    private RingMoves() {}

    /** Returns the moves from one ring to another. */
    static List<Plan.Move> between(RingRouter before, RingRouter after) {
        int[] indexBefore = Members.indexes(after.members(), before.members());
        Map<Long, Long> flows = new TreeMap<>();
        ArcIterator from = new ArcIterator(before.points);
        ArcIterator to = new ArcIterator(after.points);
        for (long start = 0; start < Points.WHOLE; ) {
            long end = Math.min(from.end(), to.end());
            boolean unowned = from.owner() < 0 || to.owner() < 0;
            int previousIndex = unowned ? to.owner() : indexBefore[to.owner()];
            boolean same = from.owner() == previousIndex;
            if (end > start && !same) {
                flows.merge((from.owner() + 1L) << 32 | (to.owner() + 1), end - start, Long::sum);
            }
            start = Math.max(start, end);
            from.advanceTo(end);
            to.advanceTo(end);
        }
        List<Plan.Move> moves = new ArrayList<>();
        flows.forEach((pair, length) -> moves.add(new Plan.Move(
                id(before.members(), (int) (pair >>> 32) - 1),
                id(after.members(), pair.intValue() - 1),
                length * UNIT)));
        return moves;
    }

    private static String id(List<Member> members, int index) {
        return index < 0 ? "" : members.get(index).id();
    }

    /** The current arc in a pass over a ring. The arc after the last point belongs to the first point. */
    private static final class ArcIterator {
        private final Points points;
        private int point;

        ArcIterator(Points points) {
            this.points = points;
        }

        long end() {
            return point < points.size() ? points.end(point) : Points.WHOLE;
        }

        int owner() {
            return points.size() == 0 ? -1 : points.owner(point < points.size() ? point : 0);
        }

        void advanceTo(long end) {
            if (end() <= end) {
                point++;
            }
        }
    }
}
