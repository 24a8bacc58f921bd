package io.github.lbkit.hashing.internal.hash;

import com.google.common.hash.HashCode;
import com.google.common.hash.HashFunction;
import io.github.lbkit.api.KeyHash;
import java.nio.charset.StandardCharsets;

/**
 * A Guava hash function over the UTF-8 bytes of a key. Immutable.
 *
 * @param name the name of the function in fingerprints
 * @param function the Guava function
 */
public record GuavaKeyHash(String name, HashFunction function) implements KeyHash {
    private static final int CHECKSUM_INPUTS = 16;

    /** Refuses a blank name. */
    public GuavaKeyHash {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a key hash needs a name");
        }
    }

    /** Returns Guava's name of the function without its arguments, and a checksum over the hashes of a few numbers. */
    public static String nameOf(HashFunction function) {
        long checksum = 0;
        for (int i = 0; i < CHECKSUM_INPUTS; i++) {
            checksum = SplitMix64.mix(checksum + function.hashInt(i).padToLong());
        }
        String description = function.toString();
        int end = 0;
        while (end < description.length() && description.charAt(end) != '(' && description.charAt(end) != '@') {
            end++;
        }
        return description.substring(0, end) + " with checksum " + Long.toHexString(checksum);
    }

    @Override
    public long hash(CharSequence key) {
        return toLong(function.hashString(key, StandardCharsets.UTF_8));
    }

    @Override
    public long hash(long key) {
        return toLong(function.hashLong(key));
    }

    private static long toLong(HashCode code) {
        return code.bits() >= Long.SIZE ? code.asLong() : SplitMix64.mix(code.padToLong());
    }
}
