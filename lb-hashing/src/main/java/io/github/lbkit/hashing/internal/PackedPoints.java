package io.github.lbkit.hashing.internal;

import java.util.Arrays;

/**
 * Points of 47 bits, each in one number with its owner, and a table that tells where each prefix begins: a look-up reads
 * the table once and the points behind, one or two on average. 12 to 16 bytes a point.
 */
final class PackedPoints implements Points {
    private static final int OWNER_BITS = 16;
    private static final long OWNER_MASK = (1L << OWNER_BITS) - 1;

    /** Positions in the high bits, owners in the low 16; behind the last, a number that is not below any. */
    private final long[] points;

    private final int size;
    private final int[] starts;
    private final int shift;

    /** The points of these numbers, made by {@link #pack}, in any order. Two sorted runs are merged. */
    PackedPoints(long[] packed) {
        size = packed.length;
        points = Arrays.copyOf(packed, size + 1);
        points[size] = Long.MAX_VALUE;
        Arrays.sort(points, 0, size);
        int bits = prefixBits(size);
        shift = Long.SIZE - bits;
        starts = new int[1 << bits];
        int point = 0;
        for (int prefix = 0; prefix < starts.length; prefix++) {
            while (point < size && (points[point] << 1 >>> shift) < prefix) {
                point++;
            }
            starts[prefix] = point;
        }
    }

    /** So many that there is about one point for each prefix; 1 to 24. */
    static int prefixBits(int size) {
        return Math.min(24, Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, size - 1)));
    }

    /** A point as a number, not negative: the first 47 bits of its position, and its owner. */
    static long pack(long position, int owner) {
        return (position >>> 1 & ~OWNER_MASK) | owner;
    }

    /** The point as a number. */
    long packed(int point) {
        return points[point];
    }

    /** The point with another owner. */
    static long renumbered(long packed, int owner) {
        return (packed & ~OWNER_MASK) | owner;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int clockwise(long position) {
        long sought = pack(position, 0);
        int point = starts[(int) (position >>> shift)];
        while (points[point] < sought) {
            point++;
        }
        return point == size ? 0 : point;
    }

    @Override
    public int owner(int point) {
        return (int) (points[point] & OWNER_MASK);
    }

    @Override
    public long position(int point) {
        return (points[point] & ~OWNER_MASK) << 1;
    }

    @Override
    public long end(int point) {
        return ((points[point] >>> OWNER_BITS) + 1) << 15;
    }
}
