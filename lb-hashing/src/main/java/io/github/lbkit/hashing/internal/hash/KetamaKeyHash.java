package io.github.lbkit.hashing.internal.hash;

import io.github.lbkit.api.KeyHash;

/**
 * The key hash of ketama: the first four bytes of the MD5 digest of the key in UTF-8, in little-endian order. A key
 * that is a number is hashed as its decimal digits. Immutable. Allocates.
 */
public final class KetamaKeyHash implements KeyHash {
    /** The only instance. */
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
