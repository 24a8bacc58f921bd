package io.github.lbkit.hashing.internal.ring;

import java.util.function.IntToLongFunction;

/**
 * An index of sorted points by the prefix of their position. There are about as many prefixes as points, so a look-up
 * mostly needs the first point of its prefix or one of the next two. The index takes 1 to 2 bytes for each point, so
 * that it stays in a near cache: the start of a prefix is one byte, relative to the start of its block of prefixes.
 * Immutable.
 */
final class PrefixIndex {
    private static final int MAX_BITS = 24;
    private static final int BLOCK_BITS = 5;
    private static final int MAX_OFFSET = 0xFF;

    private final int shift;
    private final byte[] offsets;
    private final int[] blocks;

    /** Creates the index of {@code size} points, sorted by unsigned position. */
    PrefixIndex(int size, IntToLongFunction position) {
        int bits = bits(size);
        shift = Long.SIZE - bits;
        offsets = new byte[1 << bits];
        blocks = new int[((offsets.length - 1) >>> BLOCK_BITS) + 1];
        int point = 0;
        for (int prefix = 0; prefix < offsets.length; prefix++) {
            while (point < size && position.applyAsLong(point) >>> shift < prefix) {
                point++;
            }
            int block = prefix >>> BLOCK_BITS;
            if (prefix == block << BLOCK_BITS) {
                blocks[block] = point;
            }
            offsets[prefix] = (byte) Math.min(MAX_OFFSET, point - blocks[block]);
        }
    }

    /** Returns the length of a prefix in bits, for about one point with each prefix; 1 to {@value #MAX_BITS}. */
    static int bits(int size) {
        return Math.min(MAX_BITS, Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, size - 1)));
    }

    /**
     * Returns the first point with the prefix of this position, or an earlier point if its block has too many points.
     */
    int start(long position) {
        int prefix = (int) (position >>> shift);
        return blocks[prefix >>> BLOCK_BITS] + (offsets[prefix] & MAX_OFFSET);
    }
}
