package io.github.lbkit.hashing.internal.hash;

import io.github.lbkit.api.KeyHash;

/**
 * How ketama hashes keys: the first four bytes of the MD5 of the UTF-8 bytes, the lowest first. Immutable; allocates. A
 * number that is a key counts as its decimal digits.
 */
public final class KetamaKeyHash implements KeyHash {
    /** The only one. */
    public static final KetamaKeyHash INSTANCE = new KetamaKeyHash();

    private KetamaKeyHash() {}

    @Override
    public long hash(CharSequence key) {
        return Md5.of(key).padToLong() & 0xFFFFFFFFL;
    }

    @Override
    public long hash(long key) {
        return hash(Long.toString(key));
    }

    @Override
    public String name() {
        return "ketama";
    }
}
