package io.github.lbkit.http.internal.preface;

import io.github.lbkit.api.internal.ThrownText;
import io.github.lbkit.http.internal.admission.ClientConnections;
import io.github.lbkit.http.internal.admission.IdleConnections;
import io.github.lbkit.http.internal.admission.TrackedConnection;
import io.github.lbkit.http.internal.loop.ChannelHandler;
import io.github.lbkit.http.internal.loop.EventLoop;
import io.github.lbkit.http.internal.loop.Timer;
import io.github.lbkit.http.internal.outcome.RefusalLog;
import io.github.lbkit.http.internal.transport.PlainTransport;
import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.proxy.ProxyAddresses;
import io.github.lbkit.http.internal.wire.proxy.ProxyHeader;
import io.github.lbkit.http.internal.wire.proxy.ProxyHeaderReader;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client connection whose PROXY header is not complete. After the header, another connection takes over the channel
 * and the bytes behind the header. Without a valid header in time, the connection is closed. Confined to its loop.
 */
public final class ProxyHeaderConnection implements ChannelHandler, TrackedConnection {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyHeaderConnection.class);

    private final EventLoop loop;
    private final ClientConnections connections;
    private final InetAddress peer;
    private final PlainTransport transport;
    private final RefusalLog refusals;
    private final Successor successor;
    private final Timer deadline = new Timer(() -> guard(this::timedOut));
    private final IdleConnections.Link idleLink = new IdleConnections.Link();
    private byte[] received = {};
    private State state = State.WAITING;

    private enum State {
        WAITING,
        HANDED_OVER,
        CLOSED
    }

    /** The factory of the connection that takes over. */
    @FunctionalInterface
    public interface Successor {
        /**
         * Opens the connection that takes over the channel.
         *
         * @param behindHeader the bytes that were read behind the header
         * @param addresses the addresses of the header; null if those of the socket count
         */
        TrackedConnection open(byte[] behindHeader, @Nullable ProxyAddresses addresses) throws IOException;
    }

    private ProxyHeaderConnection(
            EventLoop loop,
            ClientConnections connections,
            SocketChannel channel,
            InetAddress peer,
            RefusalLog refusals,
            Successor successor)
            throws IOException {
        this.loop = loop;
        this.connections = connections;
        this.peer = peer;
        this.refusals = refusals;
        this.successor = successor;
        transport = new PlainTransport(channel, loop.ioBuffers());
    }

    /**
     * Begins to read the header of an accepted connection.
     *
     * @param peer the address of the peer, for the log of refusals
     * @param timeoutNanos the time within which the header must be complete, in nanoseconds
     */
    public static ProxyHeaderConnection open(
            EventLoop loop,
            ClientConnections connections,
            SocketChannel channel,
            InetAddress peer,
            long timeoutNanos,
            RefusalLog refusals,
            Successor successor)
            throws IOException {
        ProxyHeaderConnection opened = new ProxyHeaderConnection(loop, connections, channel, peer, refusals, successor);
        loop.register(channel, SelectionKey.OP_READ, opened);
        loop.timers().set(opened.deadline, loop.now() + timeoutNanos);
        return opened;
    }

    @Override
    public IdleConnections.Link idleLink() {
        return idleLink;
    }

    @Override
    public void ready(int operations) {
        guard(this::read);
    }

    private void read() {
        if (state != State.WAITING) {
            return;
        }
        try {
            ByteBuffer into = ByteBuffer.allocate(ProxyHeaderReader.MAX_LENGTH - received.length);
            int read = transport.read(into);
            if (read < 0) {
                ended();
                return;
            }
            append(into.array(), read);
            ProxyHeader header = ProxyHeaderReader.read(received, 0, received.length);
            if (header != null) {
                handOver(header);
            }
        } catch (BadMessageException e) {
            refuse(e.reason());
        } catch (IOException e) {
            LOG.debug("a connection has failed before its PROXY header", e);
            close();
        }
    }

    private void append(byte[] bytes, int count) {
        byte[] all = Arrays.copyOf(received, received.length + count);
        System.arraycopy(bytes, 0, all, received.length, count);
        received = all;
    }

    /** Handles the end of the input. A check whether the proxy listens sends nothing, and is no mistake. */
    private void ended() {
        if (received.length == 0) {
            close();
        } else {
            refuse("the connection ended within its PROXY header");
        }
    }

    private void handOver(ProxyHeader header) throws IOException {
        byte[] behind = Arrays.copyOfRange(received, header.length(), received.length);
        TrackedConnection next = successor.open(behind, header.addresses());
        state = State.HANDED_OVER;
        loop.timers().remove(deadline);
        connections.replaced(this, next);
    }

    private void timedOut() {
        refuse("no complete PROXY header within the timeout of a request's head");
    }

    private void refuse(String reason) {
        close();
        refusals.connectionRefused(peer, reason);
    }

    private void close() {
        if (state == State.WAITING) {
            state = State.CLOSED;
            loop.timers().remove(deadline);
            transport.close();
            connections.notIdle(this);
            connections.ended(this);
        }
    }

    private void guard(Runnable action) {
        try {
            action.run();
        } catch (Throwable e) {
            close();
            LOG.error("an event of a connection failed; the connection is closed", ThrownText.printable(e));
        }
    }

    @Override
    public boolean closeIfIdle() {
        ready(SelectionKey.OP_READ);
        close();
        return state == State.CLOSED;
    }

    /** Does nothing: the request of the client may be on its way, and the header has a deadline. */
    @Override
    public void stopGracefully() {}

    @Override
    public void stopNow() {
        close();
    }

    @Override
    public void crashed(Throwable cause) {
        close();
    }
}
