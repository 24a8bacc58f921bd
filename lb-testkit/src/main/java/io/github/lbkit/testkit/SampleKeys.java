package io.github.lbkit.testkit;

import java.util.Arrays;
import java.util.stream.LongStream;

/** A sequence of uniformly distributed key hashes that a seed determines (SplitMix64). Not thread-safe. */
final class SampleKeys {
    private static final long[] EDGES = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 31, 1L << 32, 0xFFFFFFFFL};

    private final long seed;
    private long drawn;

    SampleKeys(long seed) {
        this.seed = seed;
    }

    long next() {
        long z = seed + ++drawn * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Returns the keys at the edges of 64 and 32 bits, followed by this number of random keys. */
    static long[] withEdges(long seed, int count) {
        SampleKeys keys = new SampleKeys(seed);
        return LongStream.concat(
                        Arrays.stream(EDGES), LongStream.generate(keys::next).limit(count))
                .toArray();
    }
}
