package io.github.lbkit.api;

import java.util.List;

/**
 * What a change did to every server it named or chose. Immutable.
 *
 * @param servers in the order in which they were named, random ones last
 * @param desired the ids of the desired servers after the change, in order of joining
 */
public record PoolChange(List<ServerChange> servers, List<String> desired) {
    /** Copies. */
    public PoolChange {
        servers = List.copyOf(servers);
        desired = List.copyOf(desired);
    }

    /** Whether nothing failed. */
    public boolean complete() {
        return failed().isEmpty();
    }

    /** What failed. */
    public List<ServerChange> failed() {
        return servers.stream().filter(s -> s.outcome() == Outcome.FAILED).toList();
    }

    /** What happened to one server. */
    public enum Outcome {
        /** It joined and is ready. */
        ADDED,
        /** It has left and gets no new requests. */
        REMOVED,
        /** It runs a new instance under its id. */
        REPLACED,
        /** It could not be done; the detail says why. */
        FAILED,
        /** It was not reached. */
        UNCHANGED
    }

    /**
     * What happened to one server.
     *
     * @param id the server's id
     * @param outcome what happened
     * @param detail why, for people; empty when there is nothing to say
     */
    public record ServerChange(String id, Outcome outcome, String detail) {}
}
