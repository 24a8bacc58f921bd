package io.github.lbkit.api;

/**
 * What runs in a server's slot now: one launch of it. Immutable.
 *
 * @param name what the runtime calls it, for people: a container's or process's name
 * @param address where it listens
 * @param generation unique for each launch under one server id, and rising; a replacement has a greater one
 */
public record Instance(String name, Address address, long generation) {
    /** Checks. */
    public Instance {
        if (name.isBlank()) {
            throw new IllegalArgumentException("an instance needs a name");
        }
    }
}
