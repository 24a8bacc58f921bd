package io.github.lbkit.hashing.internal.ring;

import java.util.function.IntToLongFunction;

/**
 * Where among sorted points those of each prefix of a position begin. There are about as many prefixes as points, so the
 * point that a look-up seeks is that of its prefix or one of the next two, mostly. One to two bytes a point, to stay in a
 * near cache: a start is told by one byte, counted from the first of its block of prefixes. Immutable.
 */
final class PrefixIndex {
    private static final int MAX_BITS = 24;
    private static final int BLOCK_BITS = 5;
    private static final int MAX_OFFSET = 0xFF;

    private final int shift;
    private final byte[] offsets;
    private final int[] blocks;

    /** The prefixes of so many points, sorted by position without sign. */
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

    /** The length of a prefix for so many points: about one point for each; 1 to {@value #MAX_BITS}. */
    static int bits(int size) {
        return Math.min(MAX_BITS, Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, size - 1)));
    }

    /** A point that is not behind the first of the prefix of this position: that one itself, unless a block is crowded. */
    int start(long position) {
        int prefix = (int) (position >>> shift);
        return blocks[prefix >>> BLOCK_BITS] + (offsets[prefix] & MAX_OFFSET);
    }
}
