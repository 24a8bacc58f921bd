package io.github.lbkit.hashing.internal.hash;

import io.github.lbkit.api.KeyHash;
import java.nio.charset.StandardCharsets;

/**
 * xxHash64 with seed 0 over the UTF-8 bytes of a key, the key hash of Envoy. A key in ASCII is read without a copy; any
 * other key is encoded first, which allocates. A key that is a number is hashed as its decimal digits. Immutable.
 */
public final class XxHash64 implements KeyHash {
    /** The only instance. */
    public static final XxHash64 INSTANCE = new XxHash64();

    private static final long PRIME_1 = 0x9E3779B185EBCA87L;
    private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
    private static final long PRIME_3 = 0x165667B19E3779F9L;
    private static final long PRIME_4 = 0x85EBCA77C2B2AE63L;
    private static final long PRIME_5 = 0x27D4EB2F165667C5L;

    private XxHash64() {}

    @Override
    public long hash(CharSequence key) {
        return hash(key, 0);
    }

    @Override
    public long hash(long key) {
        return hash(Long.toString(key), 0);
    }

    @Override
    public String name() {
        return "xxhash64";
    }

    /** Returns the hash of a text with a seed. */
    public static long hash(CharSequence key, long seed) {
        return ofBytes(bytes(key), seed);
    }

    /** Returns the UTF-8 bytes of a text, each as one character. */
    static CharSequence bytes(CharSequence key) {
        for (int i = 0; i < key.length(); i++) {
            if (key.charAt(i) >= 0x80) {
                return new String(key.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            }
        }
        return key;
    }

    private static long ofBytes(CharSequence bytes, long seed) {
        int length = bytes.length();
        int at = 0;
        long hash;
        if (length >= 32) {
            long a = seed + PRIME_1 + PRIME_2;
            long b = seed + PRIME_2;
            long c = seed;
            long d = seed - PRIME_1;
            for (; at + 32 <= length; at += 32) {
                a = round(a, word(bytes, at, 8));
                b = round(b, word(bytes, at + 8, 8));
                c = round(c, word(bytes, at + 16, 8));
                d = round(d, word(bytes, at + 24, 8));
            }
            hash = Long.rotateLeft(a, 1) + Long.rotateLeft(b, 7) + Long.rotateLeft(c, 12) + Long.rotateLeft(d, 18);
            hash = merge(merge(merge(merge(hash, a), b), c), d);
        } else {
            hash = seed + PRIME_5;
        }
        hash += length;
        for (; at + 8 <= length; at += 8) {
            hash = Long.rotateLeft(hash ^ round(0, word(bytes, at, 8)), 27) * PRIME_1 + PRIME_4;
        }
        for (; at + 4 <= length; at += 4) {
            hash = Long.rotateLeft(hash ^ word(bytes, at, 4) * PRIME_1, 23) * PRIME_2 + PRIME_3;
        }
        for (; at < length; at++) {
            hash = Long.rotateLeft(hash ^ bytes.charAt(at) * PRIME_5, 11) * PRIME_1;
        }
        hash = (hash ^ hash >>> 33) * PRIME_2;
        hash = (hash ^ hash >>> 29) * PRIME_3;
        return hash ^ hash >>> 32;
    }

    private static long round(long sum, long word) {
        return Long.rotateLeft(sum + word * PRIME_2, 31) * PRIME_1;
    }

    private static long merge(long hash, long sum) {
        return (hash ^ round(0, sum)) * PRIME_1 + PRIME_4;
    }

    /** Returns {@code count} bytes as a number in little-endian order. */
    static long word(CharSequence bytes, int at, int count) {
        long word = 0;
        for (int i = count - 1; i >= 0; i--) {
            word = word << 8 | bytes.charAt(at + i);
        }
        return word;
    }
}
