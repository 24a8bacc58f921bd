package io.github.lbkit.api.internal.pool;

/** The identity of one instance within a pool. */
public record InstanceKey(String id, long generation) {
    @Override
    public String toString() {
        return id + " generation " + generation;
    }
}
