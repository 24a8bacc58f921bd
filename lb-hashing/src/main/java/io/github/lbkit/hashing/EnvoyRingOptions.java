package io.github.lbkit.hashing;

import io.github.lbkit.hashing.internal.envoy.EnvoyRingSettings;
import io.github.lbkit.hashing.internal.hash.Murmur2;
import io.github.lbkit.hashing.internal.hash.XxHash64;
import java.util.function.ToLongFunction;

/**
 * The options of Envoy's ring hash policy. Immutable.
 *
 * @param minRingSize the minimum number of points, 1 to 8,388,608; Envoy's {@code minimum_ring_size}
 * @param maxRingSize the maximum number of points, from the minimum to 8,388,608; Envoy's {@code maximum_ring_size}
 * @param hashFunction the hash function that places the points
 */
public record EnvoyRingOptions(int minRingSize, int maxRingSize, HashFunction hashFunction) {
    /** The defaults of Envoy: 1,024 to 8,388,608 points by xxHash64. */
    public static final EnvoyRingOptions DEFAULTS = new EnvoyRingOptions(1_024, 8_388_608, HashFunction.XX_HASH);

    private static final int LIMIT = 8_388_608;

    /** The hash function that places the points of a ring. */
    public enum HashFunction {
        /** xxHash64 with seed 0. */
        XX_HASH,
        /** MurmurHash2 of 64 bits with the seed of libstdc++. */
        MURMUR_HASH_2
    }

    /** Checks the ranges. */
    public EnvoyRingOptions {
        if (minRingSize < 1 || minRingSize > LIMIT) {
            throw new IllegalArgumentException("min ring size " + minRingSize + " is not within 1 to " + LIMIT);
        }
        if (maxRingSize < minRingSize || maxRingSize > LIMIT) {
            throw new IllegalArgumentException(
                    "max ring size " + maxRingSize + " is not within min ring size " + minRingSize + " to " + LIMIT);
        }
    }

    EnvoyRingSettings settings() {
        ToLongFunction<String> hash = switch (hashFunction) {
            case XX_HASH -> text -> XxHash64.hash(text, 0);
            case MURMUR_HASH_2 -> Murmur2::hash;
        };
        return new EnvoyRingSettings(minRingSize, maxRingSize, hashFunction.name(), hash);
    }
}
