package io.github.lbkit.hashing.internal;

/** Scrambles 64 bits: a bijection after which every bit depends on every other (Stafford's variant 13). */
final class Mixer {
    private static final long MEMBER_SALT = 0x2545F4914F6CDD1DL;

    private Mixer() {}

    static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** What routing hashes of a member: its id alone. Salted, so that a key that is spelled like an id is no special case. */
    static long name(String id) {
        return mix(Xxh3.INSTANCE.hash(id) + MEMBER_SALT);
    }
}
