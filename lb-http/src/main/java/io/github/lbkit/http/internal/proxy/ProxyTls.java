package io.github.lbkit.http.internal.proxy;

import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.http.ListenerTls;
import io.github.lbkit.http.ServerTls;
import io.github.lbkit.http.internal.loop.EventLoop;
import io.github.lbkit.http.internal.outcome.Ending;
import io.github.lbkit.http.internal.outcome.ExchangeLogs;
import io.github.lbkit.http.internal.tls.LazyServerEngines;
import io.github.lbkit.http.internal.tls.WatchedListenerEngines;
import io.github.lbkit.http.internal.transport.HandshakeObserver;
import io.github.lbkit.http.internal.transport.HandshakeThreads;
import io.github.lbkit.http.internal.transport.PlainTransport;
import io.github.lbkit.http.internal.transport.TlsLoop;
import io.github.lbkit.http.internal.transport.TlsTransport;
import io.github.lbkit.http.internal.transport.Transport;
import io.github.lbkit.http.internal.upstream.ServerTransports;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** TLS of a proxy, towards clients and towards servers: the engines, and the threads of handshakes. Thread-safe. */
public final class ProxyTls implements AutoCloseable {
    private static final int MAX_HANDSHAKES = 1000;

    private final @Nullable WatchedListenerEngines listener;
    private final LazyServerEngines servers;
    private final HandshakeThreads threads;

    /**
     * Reads the files of the settings.
     *
     * @param clients the settings towards clients; null for none
     * @param name the prefix of the names of threads
     * @throws IllegalArgumentException if a file cannot be read or is wrong
     */
    public ProxyTls(@Nullable ListenerTls clients, ServerTls towardsServers, String name) {
        servers = new LazyServerEngines(towardsServers, name);
        listener = clients == null
                ? null
                : WatchedListenerEngines.open(clients, Runtimes.system().scheduler(name + "-certificates"));
        threads = clients == null
                ? new HandshakeThreads(name, processors(), MAX_HANDSHAKES)
                : new HandshakeThreads(name, clients.handshakeThreads(), clients.maxHandshakes());
    }

    private static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** Returns the engines towards servers. */
    public LazyServerEngines servers() {
        return servers;
    }

    /** Returns the objects that the TLS transports of a loop share. */
    TlsLoop loop(EventLoop loop) {
        return new TlsLoop(loop.ioBuffers(), loop, threads);
    }

    /** Returns the opener of transports to servers of a loop. */
    public ServerTransports transports(EventLoop loop) {
        return new ServerTransports(loop(loop), servers);
    }

    /**
     * Returns the transport of an accepted connection.
     *
     * @param received the first bytes of the client, which were read from the channel
     */
    Transport accept(SocketChannel channel, byte[] received, InetAddress client, TlsLoop loop, ExchangeLogs logs)
            throws IOException {
        return listener == null
                ? PlainTransport.after(received, channel, loop.buffers())
                : TlsTransport.ofClient(channel, loop, listener, observer(client, logs), received);
    }

    private static HandshakeObserver observer(InetAddress client, ExchangeLogs logs) {
        return new HandshakeObserver() {
            @Override
            public void failed(String reason) {
                logs.handshakes().failed(client, reason);
            }

            @Override
            public void plainRequest() {
                logs.handshakes().failed(client, "it sent a request without TLS");
                logs.access().refused(client, 400, Ending.BAD_REQUEST);
            }
        };
    }

    /** Reads the files now. Does not wait for the result, which is logged. */
    public void reload() {
        if (listener != null) {
            listener.reload();
        }
        servers.reload();
    }

    @Override
    public void close() {
        threads.close();
        servers.close();
        if (listener != null) {
            listener.close();
        }
    }
}
