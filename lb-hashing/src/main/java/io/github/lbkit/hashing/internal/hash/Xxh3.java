package io.github.lbkit.hashing.internal.hash;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import io.github.lbkit.api.KeyHash;

/**
 * XXH3 of 64 bits with seed 0 over UTF-16 code units, the low byte of each first, as hash4j computes it. Immutable;
 * allocates nothing. Golden values pin its answers: they never change.
 */
public final class Xxh3 implements KeyHash {
    /** The only one. */
    public static final Xxh3 INSTANCE = new Xxh3();

    private static final Hasher64 HASHER = Hashing.xxh3_64();

    private Xxh3() {}

    @Override
    public long hash(CharSequence key) {
        return HASHER.hashCharsToLong(key);
    }

    /** The hash of parts in their order; where one ends and the next begins makes a difference. */
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
