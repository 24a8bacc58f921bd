package io.github.lbkit.hashing.internal;

import java.util.Arrays;

/**
 * Points of 47 bits, each in one number with its owner, and a {@linkplain Prefixes table} that tells where each prefix
 * begins: a look-up reads the table and the points behind, one or two on average. 9 to 10 bytes a point.
 */
final class PackedPoints implements Points {
    private static final int OWNER_BITS = 16;
    private static final long OWNER_MASK = (1L << OWNER_BITS) - 1;

    /** Positions in the high bits, owners in the low 16; behind the last, two numbers that are not below any. */
    private final long[] points;

    private final int size;
    private final Prefixes prefixes;

    /** The points of these numbers, made by {@link #pack}, in any order. Two sorted runs are merged. */
    PackedPoints(long[] packed) {
        size = packed.length;
        points = Arrays.copyOf(packed, size + 2);
        Arrays.fill(points, size, size + 2, Long.MAX_VALUE);
        Arrays.sort(points, 0, size);
        prefixes = new Prefixes(size, this::position);
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
        int point = prefixes.start(position);
        point += ifBefore(point, sought) + ifBefore(point + 1, sought);
        while (points[point] < sought) {
            point++;
        }
        return point == size ? 0 : point;
    }

    /** 1 or 0, without a branch: none could foretell it. */
    private int ifBefore(int point, long sought) {
        return (int) ((points[point] - sought) >>> (Long.SIZE - 1));
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
