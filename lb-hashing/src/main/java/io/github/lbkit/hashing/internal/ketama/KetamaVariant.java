package io.github.lbkit.hashing.internal.ketama;

import io.github.lbkit.api.KeyHash;
import io.github.lbkit.hashing.internal.hash.KetamaKeyHash;
import io.github.lbkit.hashing.internal.hash.OneAtATime;

/** The memcached client whose ring is reproduced. {@code KetamaClient} documents each. */
public enum KetamaVariant {
    /** Spymemcached in its own format of names. */
    SPYMEMCACHED,
    /** Libmemcached with weights. */
    LIBMEMCACHED_WEIGHTED,
    /** Libmemcached without weights. */
    LIBMEMCACHED,
    /** Libmemcached without weights, with MD5. */
    LIBMEMCACHED_MD5;

    /** The function that hashes keys, and in some variants points. */
    public KeyHash keyHash() {
        return this == LIBMEMCACHED ? OneAtATime.INSTANCE : KetamaKeyHash.INSTANCE;
    }
}
