package io.github.lbkit.api.pool.supervised;

/**
 * A spec whose hash was asked for once: a spec is code of others, and what a pool decides by its hash must not depend on a
 * later answer. Immutable.
 *
 * @param real the spec that the launcher knows
 */
record HashedSpec(LaunchSpec real, String hash) {
    /**
     * Asks the spec.
     *
     * @throws IllegalArgumentException if the hash is null or blank
     */
    @SuppressWarnings("NullAway") // others may return null, whatever the contract says
    static HashedSpec of(LaunchSpec spec) {
        String hash = spec == null ? null : spec.hash();
        if (hash == null || hash.isBlank()) {
            throw new IllegalArgumentException(
                    (spec == null ? "no spec" : spec.getClass().getName()) + " has no hash");
        }
        return new HashedSpec(spec, hash);
    }

    /** What runs and was made of a spec of which nothing is known but its hash. */
    static HashedSpec found(String hash) {
        return new HashedSpec(() -> hash, hash);
    }
}
