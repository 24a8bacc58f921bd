package io.github.lbkit.api.pool.supervised;

/**
 * A spec with its hash, which was read once: a spec is code of others, and its hash must not change between two
 * decisions. Immutable.
 *
 * @param real the spec that the launcher knows
 */
record HashedSpec(LaunchSpec real, String hash) {
    /**
     * Reads the hash of a spec.
     *
     * @throws IllegalArgumentException if the hash is null or blank
     */
    @SuppressWarnings("NullAway") // code of others may return null despite the contract
    static HashedSpec of(LaunchSpec spec) {
        String hash = spec == null ? null : spec.hash();
        if (hash == null || hash.isBlank()) {
            throw new IllegalArgumentException(
                    (spec == null ? "no spec" : spec.getClass().getName()) + " has no hash");
        }
        return new HashedSpec(spec, hash);
    }

    /** Returns the spec of a running instance of which only the hash is known. */
    static HashedSpec found(String hash) {
        return new HashedSpec(() -> hash, hash);
    }
}
