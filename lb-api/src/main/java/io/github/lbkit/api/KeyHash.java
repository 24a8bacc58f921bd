package io.github.lbkit.api;

import io.github.lbkit.api.internal.StableNames;

/**
 * Maps characters to 64 bits for routing. The same characters give the same value on every JVM, whatever the kind of
 * {@link CharSequence}. Thread-safe; must not block.
 */
@FunctionalInterface
public interface KeyHash {
    /** The hash of these characters, all 64 bits well mixed. */
    long hash(CharSequence key);

    /** The hash of a number: a bijection that mixes all bits (the finalizer of SplitMix64). */
    default long hash(long key) {
        long z = key + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** The hash of a request without a key, from one random draw of all 64 bits: the draw itself. */
    default long drawn(long random) {
        return random;
    }

    /**
     * Names the function in fingerprints; two functions that differ in any answer have different names, on every JVM the
     * same. The default is the name of the class, and of the class around it for a lambda: a function with settings, such as
     * a seed, needs a name of its own that tells them.
     */
    default String name() {
        return StableNames.of(getClass());
    }
}
