package io.github.lbkit.http.internal.proxy;

import io.github.lbkit.http.ProxyProtocol;
import io.github.lbkit.http.internal.admission.ClientConnections;
import io.github.lbkit.http.internal.admission.TrackedConnection;
import io.github.lbkit.http.internal.h1.Http1Connection;
import io.github.lbkit.http.internal.h1.Http1Context;
import io.github.lbkit.http.internal.preface.ProxyHeaderConnection;
import io.github.lbkit.http.internal.transport.TlsLoop;
import io.github.lbkit.http.internal.transport.Transport;
import io.github.lbkit.http.internal.upstream.ProxiedClient;
import io.github.lbkit.http.internal.wire.proxy.ProxyAddresses;
import io.github.lbkit.http.internal.wire.proxy.ProxyHeaderWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The factory of client connections of one loop: it reads the PROXY header of peers that must send one, and then opens
 * the connection over its transport. Confined to its loop.
 */
final class ClientOpener implements ClientConnections.Opener {
    private static final byte[] NOTHING = {};

    /** The address of a peer that is connected by a Unix domain socket, which has no address of its own. */
    private static final InetSocketAddress UNIX_PEER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final Http1Context context;
    private final ProxyProtocolSettings proxyProtocol;
    private final ProxyTls tls;
    private final TlsLoop tlsLoop;

    ClientOpener(Http1Context context, ProxyProtocolSettings proxyProtocol, ProxyTls tls, TlsLoop tlsLoop) {
        this.context = context;
        this.proxyProtocol = proxyProtocol;
        this.tls = tls;
        this.tlsLoop = tlsLoop;
    }

    @Override
    public TrackedConnection open(SocketChannel channel, ClientConnections connections) throws IOException {
        InetSocketAddress peer = peerOf(channel);
        if (!proxyProtocol.senders().trusts(peer.getAddress())) {
            return open(channel, connections, peer, NOTHING, null);
        }
        return ProxyHeaderConnection.open(
                context.loop(),
                connections,
                channel,
                peer.getAddress(),
                context.settings().timeouts().requestHead(),
                context.logs().refusals(),
                (behind, addresses) -> open(channel, connections, peer, behind, addresses));
    }

    /** Returns the address of the peer. The peer of a Unix domain socket has none, and counts as 127.0.0.1. */
    private static InetSocketAddress peerOf(SocketChannel channel) throws IOException {
        return channel.getRemoteAddress() instanceof InetSocketAddress inet ? inet : UNIX_PEER;
    }

    /**
     * Opens the connection of a client.
     *
     * @param received the first bytes of the client, which were read from the channel
     * @param reported the addresses of a PROXY header; null if those of the channel count
     */
    private Http1Connection open(
            SocketChannel channel,
            ClientConnections connections,
            InetSocketAddress peer,
            byte[] received,
            @Nullable ProxyAddresses reported)
            throws IOException {
        InetSocketAddress client = reported == null ? peer : reported.source();
        Transport transport = tls.accept(channel, received, client.getAddress(), tlsLoop, context.logs());
        return Http1Connection.open(context, connections, transport, client, proxied(channel, peer, reported));
    }

    private @Nullable ProxiedClient proxied(
            SocketChannel channel, InetSocketAddress peer, @Nullable ProxyAddresses reported) throws IOException {
        ProxyProtocol version = proxyProtocol.send().orElse(null);
        if (version == null) {
            return null;
        }
        ProxyAddresses addresses = reported;
        if (addresses == null && channel.getLocalAddress() instanceof InetSocketAddress local) {
            addresses = new ProxyAddresses(peer, local);
        }
        return new ProxiedClient(ProxyHeaderWriter.write(version, addresses));
    }
}
