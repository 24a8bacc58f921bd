package io.github.lbkit.hashing.internal.hash;

/** The finalizer of SplitMix64 (Stafford's variant 13): a bijection in which each bit depends on every input bit. */
public final class SplitMix64 {
    private static final long MEMBER_SALT = 0x2545F4914F6CDD1DL;

    private SplitMix64() {}

    /** Returns the mixed bits. */
    public static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Returns the hash of a member's id. It is salted, so that a key that equals an id is not a special case. */
    public static long memberHash(String id) {
        return mix(Xxh3.INSTANCE.hash(id) + MEMBER_SALT);
    }
}
