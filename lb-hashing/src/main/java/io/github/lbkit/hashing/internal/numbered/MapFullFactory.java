package io.github.lbkit.hashing.internal.numbered;

/** Creates the exception for a server that does not fit into the assignment's map. */
public interface MapFullFactory {
    /**
     * Returns the exception.
     *
     * @param serverId the id of the server that could not be placed
     * @param serversThatFit the number of servers that had been placed completely before it
     * @param freeSlots the number of slots that were free when placing failed
     * @param settings the settings of the map, for people
     */
    RuntimeException create(String serverId, int serversThatFit, int freeSlots, String settings);
}
