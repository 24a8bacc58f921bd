package io.github.lbkit.bench.hashing;

/**
 * A short hash over UTF-16 code units, similar to wyhash: each step takes eight units and folds a product of 64 × 64
 * bits by the exclusive or of its halves. lb-hashing would use it if it did not use hash4j; here for comparison.
 */
final class MultiplyFoldHash {
    private static final long SECRET_0 = 0xA0761D6478BD642FL;
    private static final long SECRET_1 = 0xE7037ED1A0B428DBL;
    private static final long SECRET_2 = 0x8EBC6AF09C88C6E3L;

    private MultiplyFoldHash() {}

    static long hash(CharSequence key) {
        int length = key.length();
        long state = SECRET_0;
        int at = 0;
        for (; at + 8 < length; at += 8) {
            state = fold(four(key, at) ^ SECRET_1, four(key, at + 4) ^ state);
        }
        int left = length - at;
        long low = left >= 4 ? four(key, at) : upTo3(key, at, left);
        long high = left >= 4 ? left == 8 ? four(key, at + 4) : upTo3(key, at + 4, left - 4) : 0;
        state = fold(low ^ SECRET_1, high ^ state);
        return fold(state ^ SECRET_2, length ^ SECRET_1);
    }

    private static long four(CharSequence key, int at) {
        return key.charAt(at)
                | (long) key.charAt(at + 1) << 16
                | (long) key.charAt(at + 2) << 32
                | (long) key.charAt(at + 3) << 48;
    }

    private static long upTo3(CharSequence key, int at, int count) {
        long word = 0;
        for (int i = 0; i < count; i++) {
            word |= (long) key.charAt(at + i) << (16 * i);
        }
        return word;
    }

    private static long fold(long a, long b) {
        long high = Math.multiplyHigh(a, b) + ((a >> 63) & b) + ((b >> 63) & a);
        return high ^ a * b;
    }
}
