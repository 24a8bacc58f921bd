package io.github.lbkit.hashing.internal.ring;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.explain.Plan;
import io.github.lbkit.hashing.internal.router.AbstractHashRouter;
import java.util.List;

/**
 * A router whose members have points on a ring. A key belongs to the first point at or after its own position,
 * clockwise; past the last point to the first one. The candidates are the members in the order of the points that
 * follow. A member with a weight and without a point comes after the members with points. Immutable and thread-safe.
 */
public abstract class RingRouter extends AbstractHashRouter {
    private static final double UNIT = 1.0 / Points.WHOLE;
    private static final long[] NOT_MEASURED = {};

    /** The points of all members. */
    protected final Points points;

    /**
     * The length of the arcs by owner. Empty until it is first needed. Several threads may write it, with the same
     * values; the volatile write publishes it.
     */
    private volatile long[] lengths = NOT_MEASURED;

    /** Creates a router of these sorted members and their points. */
    protected RingRouter(List<Member> members, Points points) {
        super(members);
        this.points = points;
    }

    /** Returns the position of a key on the ring, an unsigned number of 64 bits. */
    protected abstract long ringPosition(long keyHash);

    @Override
    public final int owner(long keyHash) {
        return points.size() == 0 ? -1 : points.ownerAt(ringPosition(keyHash));
    }

    /**
     * Returns the next candidate. The cursor's words: the number of points passed; the number of members checked after.
     */
    @Override
    public final int next(long keyHash, Cursor cursor) {
        int size = points.size();
        int first = size == 0 ? 0 : points.clockwise(ringPosition(keyHash));
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
        for (int checked = (int) cursor.scratch(1); checked < 2 * n; checked++) {
            int index = checked < n ? checked : checked - n;
            boolean due = checked >= n || members.get(index).weight() > 0;
            if (due && cursor.visit(index)) {
                cursor.setScratch(1, checked + 1L);
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
        String position = "position " + Long.toUnsignedString(ringPosition(keyHash));
        return points.size() == 0
                ? position
                : position + ", clockwise to point " + points.number(points.clockwise(ringPosition(keyHash))) + " of "
                        + points.number(points.size());
    }

    /** Returns the exact share, which is the length of the member's arcs. */
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

    /** Returns the exact moves, which are lengths of arcs. */
    @Override
    public final List<Plan.Move> movesTo(HashRouter after) {
        if (!(after instanceof RingRouter other) || !after.name().equals(name())) {
            throw incomparable(after);
        }
        return RingMoves.between(this, other);
    }
}
