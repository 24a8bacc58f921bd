package io.github.lbkit.hashing.internal.hash;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;

/** The MD5 digest of a text in UTF-8. Memcached clients place points and hash keys by it; nothing here is secret. */
public final class Md5 {
    private Md5() {}

    /** Returns the digest of 16 bytes. Allocates. */
    @SuppressWarnings("deprecation") // MD5 is what the clients use
    public static HashCode of(CharSequence text) {
        return Hashing.md5().hashString(text, StandardCharsets.UTF_8);
    }
}
