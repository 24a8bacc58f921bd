package io.github.lbkit.hashing.internal.router;

import java.util.List;

/** A router that maps keys to slots, and slots to owners. */
public interface SlottedRouter {
    /** The number of slots. */
    int slots();

    /** Returns the slot of a key hash, from 0. */
    int slot(long keyHash);

    /** The number of slots that at least one key hash maps to. */
    default int reachableSlots() {
        return slots();
    }

    /** The name of the function from keys to slots, for people. */
    default String function() {
        return "its function";
    }

    /** Remarks for people about the function from keys to slots. */
    default List<String> remarks() {
        return List.of();
    }
}
