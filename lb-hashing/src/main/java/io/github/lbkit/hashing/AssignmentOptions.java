package io.github.lbkit.hashing;

import io.github.lbkit.hashing.internal.numbered.AssignmentSettings;

/**
 * What may differ between maps of the assignment. Immutable.
 *
 * @param probing where a virtual server goes whose slot is taken
 * @param firstId the lowest number that a server without a number of its own gets, 0 to 1,000,000
 * @param firstJ the number of a server's first virtual server, 0 to 1,000,000
 */
public record AssignmentOptions(Probing probing, int firstId, int firstJ) {
    /** Linear probing, servers from 1, virtual servers from 0. */
    public static final AssignmentOptions DEFAULTS = new AssignmentOptions(Probing.LINEAR, 1, 0);

    private static final int MAX = 1_000_000;

    /** Where a virtual server goes whose slot is taken: the k-th try, k = 1, 2, …, is at an offset from it. */
    public enum Probing {
        /** Offset k: finds a free slot if there is one. */
        LINEAR,
        /** Offset k²: reaches 87 of 512 slots, so it may find none though there are free ones. */
        QUADRATIC
    }

    /** Checks. */
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
