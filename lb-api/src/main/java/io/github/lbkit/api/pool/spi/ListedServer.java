package io.github.lbkit.api.pool.spi;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Server;
import java.util.Map;

/**
 * A server as a source lists it. Immutable.
 *
 * @param id the server's id
 * @param address the address of its instance
 * @param weight its weight
 * @param labels its labels
 * @param instance the source's name of the running instance, such as a container id. A new name or a new address means
 *     a new instance
 * @param serves whether the server may get requests; if not, it is {@link Server.State#DOWN}
 */
public record ListedServer(
        String id, Address address, int weight, Map<String, String> labels, String instance, boolean serves) {
    /** Copies. */
    public ListedServer {
        labels = Map.copyOf(labels);
    }

    /** A server that serves and whose instance is named by its address. */
    public ListedServer(String id, Address address, int weight, Map<String, String> labels) {
        this(id, address, weight, labels, address.place(), true);
    }
}
