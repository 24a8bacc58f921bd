package io.github.lbkit.api.pool.spi;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Server;
import java.util.Map;

/**
 * One server as a source names it. Immutable.
 *
 * @param id the server's id
 * @param address where its instance listens
 * @param weight its weight
 * @param labels its labels
 * @param instance what the source calls that which runs there now, such as a container's id; another name, or another
 *     address, is another instance
 * @param serves whether it may be sent requests; else the server is {@link Server.State#DOWN}
 */
public record ListedServer(
        String id, Address address, int weight, Map<String, String> labels, String instance, boolean serves) {
    /** Copies. */
    public ListedServer {
        labels = Map.copyOf(labels);
    }

    /** A server that serves, known by its address alone. */
    public ListedServer(String id, Address address, int weight, Map<String, String> labels) {
        this(id, address, weight, labels, address.authority(), true);
    }
}
