package io.github.lbkit.hashing.internal.hash;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import io.github.lbkit.api.KeyHash;

/**
 * XXH3 of 64 bits with seed 0 over UTF-16 code units in little-endian order, computed by hash4j. Golden values in tests
 * guarantee that the hashes never change. Immutable. Allocates nothing.
 */
public final class Xxh3 implements KeyHash {
    /** The only instance. */
    public static final Xxh3 INSTANCE = new Xxh3();

    private static final Hasher64 HASHER = Hashing.xxh3_64();

    private Xxh3() {}

    @Override
    public long hash(CharSequence key) {
        return HASHER.hashCharsToLong(key);
    }

    /** Returns the hash of several parts, which depends on their order and on where each part ends. */
    public static long composite(CharSequence... parts) {
        long hash = parts.length;
        for (CharSequence part : parts) {
            hash = HASHER.hashLongLongToLong(hash, HASHER.hashCharsToLong(part));
        }
        return hash;
    }

    @Override
    public String name() {
        return "xxh3";
    }
}
