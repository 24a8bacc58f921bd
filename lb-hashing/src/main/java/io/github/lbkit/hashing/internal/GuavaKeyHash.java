package io.github.lbkit.hashing.internal;

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
    /** Checks. */
    public GuavaKeyHash {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a key hash needs a name");
        }
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
        return code.bits() >= Long.SIZE ? code.asLong() : Mixer.mix(code.padToLong());
    }
}
