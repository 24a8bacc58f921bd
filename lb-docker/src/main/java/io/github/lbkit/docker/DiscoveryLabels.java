package io.github.lbkit.docker;

import io.github.lbkit.docker.internal.container.Labels;

/**
 * The labels by which a container declares itself a server of a pool. A container without {@link #POOL} is ignored. No
 * label can name another host, so that a container describes only itself.
 */
public final class DiscoveryLabels {
    /** The pool that the container joins. Every other label has a default. */
    public static final String POOL = Labels.POOL;

    /** The server's id; the container's name by default. */
    public static final String ID = Labels.ID;

    /** The port inside the container, 1 to 65535; its only TCP port by default. */
    public static final String PORT = Labels.PORT;

    /** The server's weight, 0 to {@value io.github.lbkit.api.Server#MAX_WEIGHT}; 1 by default. */
    public static final String WEIGHT = "lbkit.weight";

    /** The scheme of the server, {@code http} or {@code https}; {@code http} by default. */
    public static final String SCHEME = "lbkit.scheme";

    /**
     * The path of the server's health probe; the balancer's path by default. The server's address has it as the
     * attribute {@link io.github.lbkit.api.Address#PROBE}.
     */
    public static final String PROBE = "lbkit.probe";

    private DiscoveryLabels() {}
}
