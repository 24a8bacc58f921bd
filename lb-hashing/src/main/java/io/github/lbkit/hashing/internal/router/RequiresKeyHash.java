package io.github.lbkit.hashing.internal.router;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.KeyHash;
import io.github.lbkit.hashing.internal.hash.Xxh3;

/** A router that agrees with others only if keys are hashed by one certain function. */
public interface RequiresKeyHash {
    /** The function that hashes this router's keys. */
    KeyHash keyHash();

    /** The function that goes with a router: its own if it has one, else XXH3. */
    static KeyHash keyHashOf(HashRouter router) {
        return router instanceof RequiresKeyHash requiring ? requiring.keyHash() : Xxh3.INSTANCE;
    }
}
