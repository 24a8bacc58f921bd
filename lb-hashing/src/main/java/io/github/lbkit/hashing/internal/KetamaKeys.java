package io.github.lbkit.hashing.internal;

import com.google.common.hash.Hashing;
import io.github.lbkit.api.KeyHash;
import java.nio.charset.StandardCharsets;

/**
 * How ketama hashes keys: the first four bytes of the MD5 of the UTF-8 bytes, the lowest first. Immutable; allocates. A
 * number that is a key counts as its decimal digits.
 */
public final class KetamaKeys implements KeyHash {
    /** The only one. */
    public static final KetamaKeys INSTANCE = new KetamaKeys();

    private KetamaKeys() {}

    /** MD5 is what the format asks for; nothing here is secret. */
    @Override
    @SuppressWarnings("deprecation")
    public long hash(CharSequence key) {
        return Hashing.md5().hashString(key, StandardCharsets.UTF_8).padToLong() & 0xFFFFFFFFL;
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
