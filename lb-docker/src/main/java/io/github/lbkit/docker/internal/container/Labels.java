package io.github.lbkit.docker.internal.container;

/** The labels by which pools know their containers. */
public final class Labels {
    /** The pool's name. */
    public static final String POOL = "lbkit.pool";

    /** The server's exact id. */
    public static final String ID = "lbkit.id";

    /** The port inside of the container. */
    public static final String PORT = "lbkit.port";

    /** The network on which the container is reached; absent if its port is published. */
    static final String NETWORK = "lbkit.network";

    /** The generation: only containers that a pool has launched have one. */
    static final String GENERATION = "lbkit.generation";

    /** What the container was made of. */
    static final String SPEC = "lbkit.spec";

    /** The id of its image. */
    static final String IMAGE_ID = "lbkit.image-id";

    /** The name of its image when the container was made. */
    static final String IMAGE = "lbkit.image";

    /** The instance's name. */
    static final String NAME = "lbkit.name";

    /** Who made it. */
    public static final String CREATOR = "lbkit.creator";

    /** Stands before the names of the server's own labels. */
    static final String SERVER = "lbkit.label.";

    /** The pool whose lease this container is. */
    public static final String LEASE = "lbkit.lease";

    /** What the holder of a lease is configured with. */
    public static final String CONFIGURED = "lbkit.configured";

    private Labels() {}
}
