package io.github.lbkit.hashing.internal.ring;

import java.util.Arrays;

/**
 * Points of 47 bits, each in one number with its owner, in a table of cells by position, after the ordered hash tables of Amble
 * and Knuth (1974): a point stands in the cell of its position or, where others stand, in one of the next, and a cell that is
 * left empty repeats the point behind it. So cells never fall, and a look-up reads a cell or two in one place of
 * memory; O(points) where all are crowded. 1.7 cells a point, 13.6 bytes.
 */
public final class PackedPoints implements Points {
    private static final int OWNER_BITS = 16;
    private static final long OWNER_MASK = (1L << OWNER_BITS) - 1;

    /** So many cells a point that more than three are seldom read, in tenths. */
    private static final int CELLS_OF_TEN = 17;

    private static final int READ_AT_ONCE = 3;

    /** Positions in the high bits, owners in the low 16; behind the last, some that are not below any, owned as the first. */
    private final long[] cells;

    /** Cells up to the last point's. */
    private final int size;

    /** Cells that belong to positions. */
    private final long homes;

    /** The points of these numbers, made by {@link #pack}, in any order; they are sorted in place, two sorted runs by merging. */
    public PackedPoints(long[] packed) {
        Arrays.sort(packed);
        homes = (long) packed.length * CELLS_OF_TEN / 10;
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

    /** A point as a number, not negative: the first 47 bits of its position, and its owner. */
    public static long pack(long position, int owner) {
        return (position >>> 1 & ~OWNER_MASK) | owner;
    }

    /** The cell of a point's position, by its first 32 bits. */
    private int home(long packed) {
        return (int) (((packed >>> 31) * homes) >>> 32);
    }

    /** The points as numbers, sorted, each once. */
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

    /** 0 if the next cell repeats this one's point, else 1. */
    private int ifLast(int cell) {
        return cell + 1 == size || cells[cell] != cells[cell + 1] ? 1 : 0;
    }

    /** The owner of a point that is such a number. */
    static int owner(long packed) {
        return (int) (packed & OWNER_MASK);
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
        int cell = home(sought);
        cell += ifBefore(cell, sought) + ifBefore(cell + 1, sought) + ifBefore(cell + 2, sought);
        while (cells[cell] < sought) {
            cell++;
        }
        return cell < size ? cell : 0;
    }

    @Override
    public int after(int point) {
        long behind = cells[point] + 1;
        int next = point + 1;
        next += ifBefore(next, behind) + ifBefore(next + 1, behind);
        while (next < size && cells[next] < behind) {
            next++;
        }
        return next;
    }

    /** 1 or 0, without a branch: none could foretell it. */
    private int ifBefore(int cell, long sought) {
        return (int) ((cells[cell] - sought) >>> (Long.SIZE - 1));
    }

    /** By masks, for the same reason. */
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

    /** All bits, or none. */
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
