package io.github.lbkit.hashing;

/** A map of slots has no room for one more virtual server that its probing could find. Nothing was changed. */
public final class RingFullException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String serverId;
    private final int serversThatFit;
    private final int freeSlots;

    /**
     * A server that does not fit.
     *
     * @param serverId the server that could not be placed
     * @param serversThatFit how many servers had been placed completely before it
     * @param freeSlots how many slots were free when its placing failed
     * @param settings the map's settings, for people
     */
    public RingFullException(String serverId, int serversThatFit, int freeSlots, String settings) {
        super("server '" + serverId + "' does not fit: " + serversThatFit + " servers do, and of the " + freeSlots
                + " slots left its probes find none (" + settings + "); remove a server, or use "
                + (freeSlots > 0 ? "linear probing or " : "") + "a policy without a fixed map, such as 'hash'");
        this.serverId = serverId;
        this.serversThatFit = serversThatFit;
        this.freeSlots = freeSlots;
    }

    /** The server that could not be placed. */
    public String serverId() {
        return serverId;
    }

    /** How many servers had been placed completely before it. */
    public int serversThatFit() {
        return serversThatFit;
    }

    /** How many slots were free when its placing failed. */
    public int freeSlots() {
        return freeSlots;
    }
}
