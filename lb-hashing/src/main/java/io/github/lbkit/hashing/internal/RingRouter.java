package io.github.lbkit.hashing.internal;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Plan;
import java.util.List;

/**
 * A router whose members stand on a ring, each at many points: a key belongs to the first point at its own position or
 * behind it, clockwise, and past the last point to the first. Its candidates are the members in the order in which their
 * points come. A member with a weight that has no point comes behind those that have. Immutable, thread-safe.
 */
abstract class RingRouter extends ListedRouter {
    private static final double UNIT = 1.0 / Points.WHOLE;
    private static final long[] NOT_MEASURED = {};

    final Points points;

    /** Parts of the ring by owner. Whoever asks first writes it, others may write the same; the volatile write publishes. */
    private volatile long[] lengths = NOT_MEASURED;

    RingRouter(List<Member> members, Points points) {
        super(members);
        this.points = points;
    }

    /** Where a key stands on the ring, of 64 bits without sign. */
    abstract long place(long keyHash);

    @Override
    public final int owner(long keyHash) {
        return points.size() == 0 ? -1 : points.ownerAt(place(keyHash));
    }

    /** Words of the cursor: how many points it has passed; how many members without a point. */
    @Override
    public final int next(long keyHash, Cursor cursor) {
        int size = points.size();
        int first = size == 0 ? 0 : points.clockwise(place(keyHash));
        int passed = (int) cursor.scratch(0);
        if (passed > 0) {
            int last = around(first + passed - 1, size);
            passed += points.after(last) - last - 1;
        }
        while (passed < size) {
            int point = around(first + passed, size);
            int owner = points.owner(point);
            if (cursor.visit(owner)) {
                cursor.setScratch(0, passed + 1L);
                return owner;
            }
            passed += points.after(point) - point;
        }
        cursor.setScratch(0, size);
        int n = members.size();
        for (int looked = (int) cursor.scratch(1); looked < 2 * n; looked++) {
            int index = looked < n ? looked : looked - n;
            boolean due = looked >= n || members.get(index).weight() > 0;
            if (due && cursor.visit(index)) {
                cursor.setScratch(1, looked + 1L);
                return index;
            }
        }
        cursor.setScratch(1, 2L * n);
        return -1;
    }

    private static int around(int point, int size) {
        return point < size ? point : point - size;
    }

    @Override
    public final String position(long keyHash) {
        String place = "position " + Long.toUnsignedString(place(keyHash));
        return points.size() == 0
                ? place
                : place + ", clockwise to point " + points.number(points.clockwise(place(keyHash))) + " of "
                        + points.number(points.size());
    }

    /** Exact, by the lengths between points. */
    @Override
    public final double share(int index) {
        return lengths()[index] * UNIT;
    }

    private long[] lengths() {
        long[] known = lengths;
        if (known.length == members.size()) {
            return known;
        }
        long[] measured = new long[members.size()];
        long start = 0;
        for (int point = 0; point < points.size(); point++) {
            measured[points.owner(point)] += points.end(point) - start;
            start = points.end(point);
        }
        if (points.size() > 0) {
            measured[points.owner(0)] += Points.WHOLE - start;
        }
        lengths = measured;
        return measured;
    }

    /** Exact, by the lengths between the points of both. */
    @Override
    public final List<Plan.Move> movesTo(HashRouter after) {
        if (!(after instanceof RingRouter other) || !after.name().equals(name())) {
            throw untold(after);
        }
        return RingMoves.between(this, other);
    }
}
