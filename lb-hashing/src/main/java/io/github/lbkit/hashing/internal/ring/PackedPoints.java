package io.github.lbkit.hashing.internal.ring;

import java.util.Arrays;

/**
 * Points with positions of 47 bits, each packed into one number with its owner, in an ordered hash table (Amble and
 * Knuth, 1974). A point is in the cell of its position, or in one of the next cells if that is taken. An empty cell
 * repeats the point after it. Cells are therefore in ascending order, and a look-up reads one or two adjacent cells;
 * O(points) in the worst case, when all points are close together. There are 1.7 cells of 8 bytes for each point.
 */
public final class PackedPoints implements Points {
    private static final int OWNER_BITS = 16;
    private static final long OWNER_MASK = (1L << OWNER_BITS) - 1;

    /** The number of cells for each ten points. With 17, a look-up seldom reads more than three cells. */
    private static final int CELLS_PER_TEN_POINTS = 17;

    private static final int READ_AT_ONCE = 3;

    /**
     * The points: positions in the high bits, owners in the low 16. The cells after the last point hold the highest
     * position with the owner of the first point.
     */
    private final long[] cells;

    /** The number of cells up to that of the last point. */
    private final int size;

    /** The number of cells to which positions are mapped. */
    private final long homes;

    /**
     * Creates the points from results of {@link #pack}, in any order. Sorts the array in place, which merges sorted
     * runs.
     */
    public PackedPoints(long[] packed) {
        Arrays.sort(packed);
        homes = (long) packed.length * CELLS_PER_TEN_POINTS / 10;
        int last = -1;
        for (long point : packed) {
            last = Math.max(last + 1, home(point));
        }
        size = last + 1;
        cells = new long[Math.max(size, (int) homes) + READ_AT_ONCE];
        int cell = -1;
        for (long point : packed) {
            cell = Math.max(cell + 1, home(point));
            cells[cell] = point;
        }
        long next = renumbered(Long.MAX_VALUE, size == 0 ? 0 : owner(packed[0]));
        Arrays.fill(cells, size, cells.length, next);
        for (cell = last; cell > 0; cell--) {
            next = cells[cell] == 0 ? next : cells[cell];
            cells[cell] = next;
        }
        if (size > 0) {
            cells[0] = packed[0];
        }
    }

    /** Returns a point as a non-negative number: the high 47 bits of its position, and its owner. */
    public static long pack(long position, int owner) {
        return (position >>> 1 & ~OWNER_MASK) | owner;
    }

    /** Returns the cell of a point's position, from its high 32 bits. */
    private int home(long packed) {
        return (int) (((packed >>> 31) * homes) >>> 32);
    }

    /** Returns the distinct points as numbers, sorted. */
    long[] packed() {
        long[] points = new long[size];
        int count = 0;
        for (int cell = 0; cell < size; cell++) {
            points[count] = cells[cell];
            count += ifLast(cell);
        }
        return Arrays.copyOf(points, count);
    }

    @Override
    public int number(int point) {
        int number = 0;
        for (int cell = 0; cell < point; cell++) {
            number += ifLast(cell);
        }
        return number;
    }

    /** Returns 0 if the next cell repeats the point of this one, else 1. */
    private int ifLast(int cell) {
        return cell + 1 == size || cells[cell] != cells[cell + 1] ? 1 : 0;
    }

    /** Returns the owner of a packed point. */
    static int owner(long packed) {
        return (int) (packed & OWNER_MASK);
    }

    /** Returns a packed point with another owner. */
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
        int cell = home(sought);
        cell += ifBefore(cell, sought) + ifBefore(cell + 1, sought) + ifBefore(cell + 2, sought);
        while (cells[cell] < sought) {
            cell++;
        }
        return cell < size ? cell : 0;
    }

    @Override
    public int after(int point) {
        long following = cells[point] + 1;
        int next = point + 1;
        next += ifBefore(next, following) + ifBefore(next + 1, following);
        while (next < size && cells[next] < following) {
            next++;
        }
        return next;
    }

    /** Returns 1 if a cell is before the sought point, else 0. A branch would be mispredicted. */
    private int ifBefore(int cell, long sought) {
        return (int) ((cells[cell] - sought) >>> (Long.SIZE - 1));
    }

    /** Returns the owner. Selects by masks, because branches would be mispredicted. */
    @Override
    public int ownerAt(long position) {
        long sought = pack(position, 0);
        int cell = home(sought);
        long first = cells[cell];
        long second = cells[cell + 1];
        long third = cells[cell + 2];
        long found = first ^ ((first ^ second) & ifLower(first, sought)) ^ ((second ^ third) & ifLower(second, sought));
        for (int next = cell + READ_AT_ONCE; found < sought; next++) {
            found = cells[next];
        }
        return owner(found);
    }

    /** Returns a mask of all bits if a point is before the sought one, else 0. */
    private static long ifLower(long point, long sought) {
        return (point - sought) >> (Long.SIZE - 1);
    }

    @Override
    public int owner(int point) {
        return owner(cells[point]);
    }

    @Override
    public long position(int point) {
        return (cells[point] & ~OWNER_MASK) << 1;
    }

    @Override
    public long end(int point) {
        return ((cells[point] >>> OWNER_BITS) + 1) << 15;
    }
}
