package io.github.lbkit.docker.internal;

/** Whether this process may change a pool's containers. Thread-safe. */
interface Ownership {
    /** Nobody else is asked: for a launcher that is used without a lease. */
    Ownership UNSHARED = new Ownership() {
        @Override
        public void require() {}

        @Override
        public boolean lost() {
            return false;
        }
    };

    /**
     * Returns if it may; blocks for a call to the engine.
     *
     * @throws IllegalStateException if it may not, naming who may
     */
    void require();

    /** Whether it is known that another owner has taken the pool. */
    boolean lost();
}
