package io.github.lbkit.api.pool;

/** Names one instance within a pool. */
record InstanceKey(String id, long generation) {
    static InstanceKey of(Launched launched) {
        return new InstanceKey(launched.id(), launched.generation());
    }

    @Override
    public String toString() {
        return id + " generation " + generation;
    }
}
