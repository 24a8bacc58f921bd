package io.github.lbkit.http.internal.wire.proxy;

import java.net.InetSocketAddress;

/**
 * The two addresses of a client connection. Immutable.
 *
 * @param source the address of the client
 * @param destination the address that the client connected to
 */
public record ProxyAddresses(InetSocketAddress source, InetSocketAddress destination) {
    /** Checks that both addresses are known. */
    public ProxyAddresses {
        if (source.isUnresolved() || destination.isUnresolved()) {
            throw new IllegalArgumentException("a name instead of an address in " + source + " or " + destination);
        }
    }
}
