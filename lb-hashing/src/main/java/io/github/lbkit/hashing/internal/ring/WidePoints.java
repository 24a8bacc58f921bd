package io.github.lbkit.hashing.internal.ring;

/** Points with positions of 64 bits, an array of their owners, and a prefix index. 11 to 12 bytes for each point. */
public final class WidePoints implements Points {
    private final long[] positions;
    private final char[] owners;
    private final PrefixIndex prefixes;

    /** Creates the points at these positions, in any order. Points at one position are sorted by owner. */
    public WidePoints(long[] unsorted, char[] unsortedOwners) {
        int size = unsorted.length;
        int shift = Long.SIZE - PrefixIndex.bits(size);
        int[] starts = new int[(1 << (Long.SIZE - shift)) + 1];
        positions = new long[size];
        owners = new char[size];
        for (long position : unsorted) {
            starts[(int) (position >>> shift) + 1]++;
        }
        for (int prefix = 1; prefix < starts.length; prefix++) {
            starts[prefix] += starts[prefix - 1];
        }
        int[] ends = starts.clone();
        for (int i = 0; i < size; i++) {
            int prefix = (int) (unsorted[i] >>> shift);
            insert(unsorted[i], unsortedOwners[i], starts[prefix], ends[prefix]++);
        }
        prefixes = new PrefixIndex(size, this::position);
    }

    /** Inserts a point among the points of its prefix, of which there is about one. */
    private void insert(long position, char owner, int start, int end) {
        int at = end;
        while (at > start && before(position, owner, positions[at - 1], owners[at - 1])) {
            positions[at] = positions[at - 1];
            owners[at] = owners[at - 1];
            at--;
        }
        positions[at] = position;
        owners[at] = owner;
    }

    private static boolean before(long position, char owner, long other, char otherOwner) {
        int order = Long.compareUnsigned(position, other);
        return order < 0 || (order == 0 && owner < otherOwner);
    }

    @Override
    public int size() {
        return positions.length;
    }

    @Override
    public int clockwise(long position) {
        int point = prefixes.start(position);
        while (point < positions.length && Long.compareUnsigned(positions[point], position) < 0) {
            point++;
        }
        return point == positions.length ? 0 : point;
    }

    @Override
    public int owner(int point) {
        return owners[point];
    }

    @Override
    public long position(int point) {
        return positions[point];
    }

    @Override
    public long end(int point) {
        return (positions[point] >>> 2) + 1;
    }
}
