package io.github.lbkit.api;

import java.util.List;

/**
 * The result of a change for every server that the change named or chose. Immutable.
 *
 * @param servers in the order of the request, random servers last
 * @param desired the ids of the desired servers after the change, in order of joining
 */
public record PoolChange(List<ServerChange> servers, List<String> desired) {
    /** Copies the lists. */
    public PoolChange {
        servers = List.copyOf(servers);
        desired = List.copyOf(desired);
    }

    /** Returns whether no server failed. */
    public boolean complete() {
        return failed().isEmpty();
    }

    /** Returns the results of the servers that failed. */
    public List<ServerChange> failed() {
        return servers.stream().filter(s -> s.outcome() == Outcome.FAILED).toList();
    }

    /** The outcome of a change for one server. */
    public enum Outcome {
        /** The server joined and is ready. */
        ADDED,
        /** The server has left and gets no new requests. */
        REMOVED,
        /** The server runs a new instance under its id. */
        REPLACED,
        /** The change failed; the detail says why. */
        FAILED,
        /** The change did not reach the server. */
        UNCHANGED
    }

    /**
     * The result of a change for one server.
     *
     * @param id the server's id
     * @param outcome the outcome
     * @param detail the reason, for people; empty without a reason
     */
    public record ServerChange(String id, Outcome outcome, String detail) {}
}
