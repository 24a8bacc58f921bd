package io.github.lbkit.hashing.internal.hash;

import com.google.common.hash.HashCode;
import com.google.common.hash.HashFunction;
import io.github.lbkit.api.KeyHash;
import java.nio.charset.StandardCharsets;

/**
 * A Guava hash function over the UTF-8 bytes of a key. Immutable.
 *
 * @param name names the function in fingerprints
 * @param function what hashes
 */
public record GuavaKeyHash(String name, HashFunction function) implements KeyHash {
    private static final int NAMED_BY = 16;

    /** Checks. */
    public GuavaKeyHash {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a key hash needs a name");
        }
    }

    /** Guava's name of the function without its arguments, and a checksum of some answers. */
    public static String nameOf(HashFunction function) {
        long checksum = 0;
        for (int i = 0; i < NAMED_BY; i++) {
            checksum = SplitMix64.mix(checksum + function.hashInt(i).padToLong());
        }
        String told = function.toString();
        int end = 0;
        while (end < told.length() && told.charAt(end) != '(' && told.charAt(end) != '@') {
            end++;
        }
        return told.substring(0, end) + " with checksum " + Long.toHexString(checksum);
    }

    @Override
    public long hash(CharSequence key) {
        return spread(function.hashString(key, StandardCharsets.UTF_8));
    }

    @Override
    public long hash(long key) {
        return spread(function.hashLong(key));
    }

    private static long spread(HashCode code) {
        return code.bits() >= Long.SIZE ? code.asLong() : SplitMix64.mix(code.padToLong());
    }
}
