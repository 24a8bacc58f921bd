package io.github.lbkit.http.internal.upstream;

import io.github.lbkit.api.Address;
import io.github.lbkit.http.internal.tls.ServerEngines;
import io.github.lbkit.http.internal.transport.PlainTransport;
import io.github.lbkit.http.internal.transport.TlsLoop;
import io.github.lbkit.http.internal.transport.TlsTransport;
import io.github.lbkit.http.internal.transport.Transport;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The opener of transports to servers of one loop. The scheme of an address decides: {@code http} is plain, {@code
 * https} is over TLS. Confined to its loop.
 */
public final class ServerTransports {
    private final TlsLoop tls;
    private final ServerEngines engines;

    /**
     * Creates an opener.
     *
     * @param tls the objects that the TLS transports of the loop share
     * @param engines the engines for servers with the scheme {@code https}
     */
    public ServerTransports(TlsLoop tls, ServerEngines engines) {
        this.tls = tls;
        this.engines = engines;
    }

    /**
     * Returns a transport that is not connected and owns the channel.
     *
     * @param preface the bytes that the connection begins with, before a TLS handshake; null for none
     * @throws IllegalArgumentException if no certificate can be valid for the host of the address
     */
    Transport open(SocketChannel channel, Address address, byte @Nullable [] preface) throws IOException {
        return InstanceKey.isSecure(address)
                ? TlsTransport.toServer(channel, tls, engines.engine(address), preface)
                : PlainTransport.beginningWith(preface, channel, tls.buffers());
    }
}
