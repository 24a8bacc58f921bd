package io.github.lbkit.hashing;

import io.github.lbkit.hashing.internal.numbered.AssignmentSettings;

/**
 * The options of {@link HashRouters#assignment(java.util.Collection, AssignmentOptions)}. Immutable.
 *
 * @param probing the probe sequence of a virtual server whose slot is taken
 * @param firstId the lowest number that a server without a number label gets, 0 to 1,000,000
 * @param firstJ the number of the first virtual server of each server, 0 to 1,000,000
 */
public record AssignmentOptions(Probing probing, int firstId, int firstJ) {
    /** The defaults: linear probing, servers from 1, virtual servers from 0. */
    public static final AssignmentOptions DEFAULTS = new AssignmentOptions(Probing.LINEAR, 1, 0);

    private static final int MAX = 1_000_000;

    /**
     * The probe sequence of a virtual server whose slot is taken: the offsets of the tries k = 1, 2, … from that slot.
     */
    public enum Probing {
        /** Offset k. Finds a free slot if there is one. */
        LINEAR,
        /** Offset k². Reaches 87 of 512 slots, so it may miss the free ones. */
        QUADRATIC
    }

    /** Checks the ranges. */
    public AssignmentOptions {
        check("first id", firstId);
        check("first j", firstJ);
    }

    private static void check(String what, int value) {
        if (value < 0 || value > MAX) {
            throw new IllegalArgumentException(what + " " + value + " is not within 0 to " + MAX);
        }
    }

    AssignmentSettings settings() {
        return new AssignmentSettings(probing == Probing.QUADRATIC, firstId, firstJ);
    }
}
