package io.github.lbkit.docker;

import io.github.lbkit.docker.internal.container.Labels;

/**
 * The labels by which a container says that it is a server of a pool. A container without {@link #POOL} is never looked at, and
 * none of the others may name another host: a container can only speak for itself.
 */
public final class DiscoveryLabels {
    /** The pool that the container joins; every other label has a default. */
    public static final String POOL = Labels.POOL;

    /** The server's id; the container's name by default. */
    public static final String ID = Labels.ID;

    /** The port inside of the container, 1 to 65535; its only TCP port by default. */
    public static final String PORT = Labels.PORT;

    /** The server's weight, 0 to {@value io.github.lbkit.api.Server#MAX_WEIGHT}; 1 by default. */
    public static final String WEIGHT = "lbkit.weight";

    /** What is spoken with the server, {@code http} or {@code https}; {@code http} by default. */
    public static final String SCHEME = "lbkit.scheme";

    /**
     * The path by which the server's health is asked for; the balancer's own by default. The server's address carries it as
     * {@link io.github.lbkit.api.Address#PROBE}.
     */
    public static final String PROBE = "lbkit.probe";

    private DiscoveryLabels() {}
}
