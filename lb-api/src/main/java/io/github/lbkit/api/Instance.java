package io.github.lbkit.api;

/**
 * The instance that runs in a server's slot: one launch of the server. Immutable.
 *
 * @param name the name in the runtime, for people, such as the name of a container or process
 * @param address the address at which the instance listens
 * @param generation a number that is unique for each launch under one server id, and rises with each launch
 */
public record Instance(String name, Address address, long generation) {
    /** Checks the components. */
    public Instance {
        if (name.isBlank()) {
            throw new IllegalArgumentException("an instance needs a name");
        }
    }
}
