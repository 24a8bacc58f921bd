package io.github.lbkit.hashing.internal.router;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.KeyHash;
import io.github.lbkit.hashing.internal.hash.Xxh3;

/** A router that reproduces the owners of another system, and does so only with the key hash of that system. */
public interface RequiresKeyHash {
    /** The function that must hash the keys of this router. */
    KeyHash keyHash();

    /** Returns the key hash that a router requires, or XXH3 if it requires none. */
    static KeyHash keyHashOf(HashRouter router) {
        return router instanceof RequiresKeyHash requiring ? requiring.keyHash() : Xxh3.INSTANCE;
    }
}
