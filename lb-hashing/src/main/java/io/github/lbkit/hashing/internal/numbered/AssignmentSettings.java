package io.github.lbkit.hashing.internal.numbered;

/**
 * The settings of the assignment's map. Immutable.
 *
 * @param quadratic whether probing is quadratic; otherwise it is linear
 * @param firstId the lowest number that a member without a label gets
 * @param firstJ the number of a member's first virtual server
 */
public record AssignmentSettings(boolean quadratic, int firstId, int firstJ) {
    /** The settings as part of the router's name, and so of fingerprints. */
    @Override
    public String toString() {
        return "slots=" + AssignmentMap.SLOTS + ", virtual servers=" + AssignmentMap.VIRTUAL_SERVERS + ", probing="
                + (quadratic ? "quadratic" : "linear") + ", first id=" + firstId + ", first j=" + firstJ;
    }
}
