package io.github.lbkit.docker.internal.container;

import io.github.lbkit.api.pool.supervised.PoolState;
import java.util.Optional;

/** The permission of this process to change a pool's containers. Thread-safe. */
public interface Ownership {
    /**
     * Returns once this process may change the containers. Blocks for one call to the engine.
     *
     * @throws IllegalStateException if another process owns the pool; the message names the owner
     */
    void require();

    /** Returns true if another process is known to have taken over the pool. */
    boolean lost();

    /** The state of the pool that this owner or an earlier one stored last. */
    Optional<PoolState> state();

    /**
     * Stores the state of the pool for the next owner; empty when the pool has ended. Blocks for one call to the
     * engine.
     */
    void store(Optional<PoolState> state);

    /** The name of this process, which labels the containers that it creates. */
    String creator();

    /** The hash of the options as they are configured, before the image is resolved. */
    String configuredHash();

    /** Returns the permission of a launcher without a lease: it is always granted, and no state is stored. */
    static Ownership unshared(String creator, String configuredHash) {
        return new Unshared(creator, configuredHash);
    }

    /** The permission of a launcher without a lease. */
    record Unshared(String creator, String configuredHash) implements Ownership {
        @Override
        public void require() {}

        @Override
        public boolean lost() {
            return false;
        }

        @Override
        public Optional<PoolState> state() {
            return Optional.empty();
        }

        @Override
        public void store(Optional<PoolState> state) {}
    }
}
