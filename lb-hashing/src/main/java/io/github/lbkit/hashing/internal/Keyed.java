package io.github.lbkit.hashing.internal;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.KeyHash;

/** A router that agrees with others only if keys are hashed by one certain function. */
public interface Keyed {
    /** The function that hashes this router's keys. */
    KeyHash keyHash();

    /** The function that goes with a router: its own if it has one, else XXH3. */
    static KeyHash keyHash(HashRouter router) {
        return router instanceof Keyed keyed ? keyed.keyHash() : Xxh3.INSTANCE;
    }
}
