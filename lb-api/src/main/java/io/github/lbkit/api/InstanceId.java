package io.github.lbkit.api;

/**
 * The identity of one instance within a pool: the id of its server and the generation of its launch. Immutable.
 * In-flight counts, health verdicts, ejections and upstream connections belong to an instance id; a replacement
 * inherits none of them.
 *
 * @param serverId the id of the server that the instance runs for
 * @param generation the generation of the instance, as in {@link Instance#generation}
 */
public record InstanceId(String serverId, long generation) {
    /** Returns the server's id and the generation, such as {@code web-1 generation 3}. */
    @Override
    public String toString() {
        return serverId + " generation " + generation;
    }
}
