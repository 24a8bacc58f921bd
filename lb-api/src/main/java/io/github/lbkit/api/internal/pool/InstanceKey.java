package io.github.lbkit.api.internal.pool;

/** Names one instance within a pool. */
public record InstanceKey(String id, long generation) {
    @Override
    public String toString() {
        return id + " generation " + generation;
    }
}
