package io.github.lbkit.hashing.internal.router;

import java.util.List;

/** A router that maps keys to slots, and slots to owners. */
public interface SlottedRouter {
    /** How many slots there are. */
    int slots();

    /** The slot of a key hash, from 0. */
    int slot(long keyHash);

    /** How many slots some key hash reaches. */
    default int reachableSlots() {
        return slots();
    }

    /** What people call the function from keys to slots. */
    default String function() {
        return "its function";
    }

    /** What people should know of how keys become slots, in words. */
    default List<String> remarks() {
        return List.of();
    }
}
