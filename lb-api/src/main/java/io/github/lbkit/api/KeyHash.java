package io.github.lbkit.api;

import io.github.lbkit.api.internal.SplitMix;
import io.github.lbkit.api.internal.StableNames;

/**
 * A hash function from text to 64 bits, for routing. Equal text gives an equal hash on every JVM, for every kind of
 * {@link CharSequence}. Thread-safe; must not block.
 */
@FunctionalInterface
public interface KeyHash {
    /** Returns the hash of a text, with all 64 bits well mixed. */
    long hash(CharSequence key);

    /** Returns the hash of a number: a bijection that mixes all bits (the finalizer of SplitMix64). */
    default long hash(long key) {
        return SplitMix.mix(key);
    }

    /** Returns the hash of a request without a key, from one random draw of 64 bits: by default the draw itself. */
    default long drawn(long random) {
        return random;
    }

    /**
     * Returns the name of the function in fingerprints, equal on every JVM. Functions that differ in any result need
     * different names. The default is the name of the class, or of the class around a lambda: a function with settings
     * must override this method and name them.
     */
    default String name() {
        return StableNames.of(getClass());
    }
}
