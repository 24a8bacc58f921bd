package io.github.lbkit.hashing;

/** Thrown when the probe sequence of a virtual server finds no free slot in a map of slots. Nothing was changed. */
public final class RingFullException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String serverId;
    private final int serversThatFit;
    private final int freeSlots;

    /**
     * Creates the exception for a server that does not fit.
     *
     * @param serverId the server that could not be placed
     * @param serversThatFit the number of servers that had been placed completely before it
     * @param freeSlots the number of slots that were free when placing failed
     * @param settings the settings of the map, for people
     */
    public RingFullException(String serverId, int serversThatFit, int freeSlots, String settings) {
        super("server '" + serverId + "' does not fit: " + serversThatFit
                + " servers are placed, and probing finds none of the " + freeSlots + " free slots (" + settings
                + "); remove a server, or use "
                + (freeSlots > 0 ? "linear probing or " : "") + "a policy without a fixed map, such as 'hash'");
        this.serverId = serverId;
        this.serversThatFit = serversThatFit;
        this.freeSlots = freeSlots;
    }

    /** The server that could not be placed. */
    public String serverId() {
        return serverId;
    }

    /** The number of servers that had been placed completely before it. */
    public int serversThatFit() {
        return serversThatFit;
    }

    /** The number of slots that were free when placing failed. */
    public int freeSlots() {
        return freeSlots;
    }
}
