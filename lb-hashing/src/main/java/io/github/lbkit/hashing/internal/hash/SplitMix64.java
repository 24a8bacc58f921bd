package io.github.lbkit.hashing.internal.hash;

/** Scrambles 64 bits: a bijection after which every bit depends on every other (Stafford's variant 13). */
public final class SplitMix64 {
    private static final long MEMBER_SALT = 0x2545F4914F6CDD1DL;

    private SplitMix64() {}

    public static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** What routing hashes of a member: its id alone. Salted, so that a key that is spelled like an id is no special case. */
    public static long memberHash(String id) {
        return mix(Xxh3.INSTANCE.hash(id) + MEMBER_SALT);
    }
}
