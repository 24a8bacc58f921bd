package io.github.lbkit.hashing.internal.hash;

/** MurmurHash2 of 64 bits (MurmurHash64A) over UTF-8 bytes, with the seed of libstdc++, which Envoy uses. */
public final class Murmur2 {
    private static final long SEED = 0xC70F6907L;
    private static final long FACTOR = 0xC6A4A7935BD1E995L;

    private Murmur2() {}

    /** Returns the hash of a text. */
    public static long hash(CharSequence key) {
        CharSequence bytes = XxHash64.bytes(key);
        int length = bytes.length();
        long hash = SEED ^ length * FACTOR;
        int at = 0;
        for (; at + 8 <= length; at += 8) {
            hash = (hash ^ shifted(XxHash64.word(bytes, at, 8) * FACTOR) * FACTOR) * FACTOR;
        }
        if (at < length) {
            hash = (hash ^ XxHash64.word(bytes, at, length - at)) * FACTOR;
        }
        return shifted(shifted(hash) * FACTOR);
    }

    private static long shifted(long bits) {
        return bits ^ bits >>> 47;
    }
}
