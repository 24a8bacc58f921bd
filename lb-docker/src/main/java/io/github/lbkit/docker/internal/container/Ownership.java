package io.github.lbkit.docker.internal.container;

import io.github.lbkit.api.pool.supervised.PoolState;
import java.util.Optional;

/** Whether this process may change a pool's containers. Thread-safe. */
public interface Ownership {
    /** Nobody else is asked: for a launcher that is used without a lease. */
    Ownership UNSHARED = new Ownership() {
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
        public void keep(Optional<PoolState> state) {}
    };

    /**
     * Returns if it may; blocks for a call to the engine.
     *
     * @throws IllegalStateException if it may not, naming who may
     */
    void require();

    /** Whether it is known that another owner has taken the pool. */
    boolean lost();

    /** The state of the pool that was kept last, by this owner or by the one before. */
    Optional<PoolState> state();

    /** Keeps the state of the pool for the next owner; empty when the pool has ended. Blocks for a call to the engine. */
    void keep(Optional<PoolState> state);
}
