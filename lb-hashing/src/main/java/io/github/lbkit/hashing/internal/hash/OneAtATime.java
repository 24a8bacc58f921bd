package io.github.lbkit.hashing.internal.hash;

import io.github.lbkit.api.KeyHash;
import java.nio.charset.StandardCharsets;

/**
 * Jenkins' one-at-a-time hash of 32 bits over the UTF-8 bytes of a key, the default hash of libmemcached. Bytes are
 * signed, as in libmemcached. A key that is a number is hashed as its decimal digits. Immutable. Allocates.
 */
public final class OneAtATime implements KeyHash {
    /** The only instance. */
    public static final OneAtATime INSTANCE = new OneAtATime();

    private OneAtATime() {}

    @Override
    public long hash(CharSequence key) {
        int hash = 0;
        for (byte next : key.toString().getBytes(StandardCharsets.UTF_8)) {
            hash += next;
            hash += hash << 10;
            hash ^= hash >>> 6;
        }
        hash += hash << 3;
        hash ^= hash >>> 11;
        hash += hash << 15;
        return hash & 0xFFFFFFFFL;
    }

    @Override
    public long hash(long key) {
        return hash(Long.toString(key));
    }

    @Override
    public String name() {
        return "one-at-a-time";
    }
}
