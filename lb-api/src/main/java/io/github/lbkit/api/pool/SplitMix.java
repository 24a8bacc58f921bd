package io.github.lbkit.api.pool;

/** The finalizer of SplitMix64: a bijection of 64-bit numbers that mixes all bits. */
final class SplitMix {
    private SplitMix() {}

    static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
