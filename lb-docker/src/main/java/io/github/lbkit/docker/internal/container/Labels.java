package io.github.lbkit.docker.internal.container;

/** The names of the labels by which pools recognise their containers. */
public final class Labels {
    /** The pool's name. */
    public static final String POOL = "lbkit.pool";

    /** The server's exact id. */
    public static final String ID = "lbkit.id";

    /** The port inside the container. */
    public static final String PORT = "lbkit.port";

    /** The network on which the container is reached; absent if its port is published. */
    static final String NETWORK = "lbkit.network";

    /** The generation. Only containers that a pool has launched have this label. */
    static final String GENERATION = "lbkit.generation";

    /** The hash of the spec that the container was created from. */
    static final String SPEC = "lbkit.spec";

    /** The id of the container's image. */
    static final String IMAGE_ID = "lbkit.image-id";

    /** The name of the container's image at the time of creation. */
    static final String IMAGE = "lbkit.image";

    /** The instance's name. */
    static final String NAME = "lbkit.name";

    /** The process that created the container. */
    public static final String CREATOR = "lbkit.creator";

    /** The prefix of the names of the server's own labels. */
    static final String SERVER = "lbkit.label.";

    /** The pool whose lease this container is. */
    public static final String LEASE = "lbkit.lease";

    /** The hash of the lease holder's configuration. */
    public static final String CONFIGURED = "lbkit.configured";

    private Labels() {}
}
