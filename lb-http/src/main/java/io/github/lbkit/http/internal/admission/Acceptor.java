package io.github.lbkit.http.internal.admission;

import io.github.lbkit.http.internal.loop.ChannelHandler;
import io.github.lbkit.http.internal.loop.EventLoop;
import io.github.lbkit.http.internal.loop.Timer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listening socket on one loop. Each accepted connection goes to the loop with the fewest connections.
 *
 * <p>At the limit of connections, the longest idle connection is closed to make room for the next. While no connection
 * is idle, nothing is accepted. After a failure to accept, for example for want of a file descriptor, the acceptor
 * waits 100 ms. Confined to its loop, except for {@link #bind} and {@link #address}.
 */
public final class Acceptor implements ChannelHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);
    private static final int BACKLOG = 4096;
    private static final int MAX_ACCEPTED_PER_EVENT = 64;
    private static final long RETRY_NANOS = 100_000_000;

    private final EventLoop loop;
    private final ServerSocketChannel listener;
    private final InetSocketAddress address;
    private final List<? extends ConnectionReceiver> receivers;
    private final ConnectionLimit limit;
    private final Timer retry = new Timer(this::resume);
    private final Runnable resumeSoon;
    private @Nullable SelectionKey key;
    private boolean failing;

    private Acceptor(
            EventLoop loop,
            ServerSocketChannel listener,
            List<? extends ConnectionReceiver> receivers,
            ConnectionLimit limit)
            throws IOException {
        this.loop = loop;
        this.listener = listener;
        this.address = (InetSocketAddress) listener.getLocalAddress();
        this.receivers = receivers;
        this.limit = limit;
        resumeSoon = () -> loop.execute(this::resume);
    }

    /**
     * Binds a listening socket. It accepts nothing before {@link #start}.
     *
     * @param receivers the receivers of the accepted connections
     * @throws IOException if the address cannot be bound; the message names the address
     */
    public static Acceptor bind(
            EventLoop loop,
            InetSocketAddress address,
            boolean reusePort,
            List<? extends ConnectionReceiver> receivers,
            ConnectionLimit limit)
            throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        try {
            listener.configureBlocking(false);
            listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            if (reusePort) {
                listener.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            listener.bind(address, BACKLOG);
            return new Acceptor(loop, listener, receivers, limit);
        } catch (IOException | RuntimeException e) {
            listener.close();
            throw new IOException("cannot listen on " + address + ": " + e.getMessage(), e);
        }
    }

    /** Returns the address that the socket is bound to. */
    public InetSocketAddress address() {
        return address;
    }

    /** Returns the loop of the acceptor. */
    public EventLoop loop() {
        return loop;
    }

    /** Begins to accept. Must be called before the loop starts. */
    public void start() throws IOException {
        key = loop.register(listener, SelectionKey.OP_ACCEPT, this);
    }

    /** Closes the listening socket. Connections in its backlog are refused. Later calls do nothing. */
    public void close() {
        if (!listener.isOpen()) {
            return;
        }
        loop.timers().remove(retry);
        key = null;
        try {
            listener.close();
        } catch (IOException e) {
            LOG.debug("closing the listener on {}", address, e);
        }
    }

    /**
     * Accepts the connections of the backlog while the limit allows, then closes the listening socket. A client that
     * has connected before the stop may have sent its request already. Must be called on the loop.
     */
    public void finish() {
        for (int i = 0; i < BACKLOG && key != null && limit.tryAcquire() && accept(); i++) {}
        close();
    }

    @Override
    public void ready(int operations) {
        for (int i = 0; i < MAX_ACCEPTED_PER_EVENT; i++) {
            if (!limit.tryAcquire()) {
                if (i == 0) { // after the first, it is not known whether another connection waits
                    makeRoom();
                }
                return;
            }
            if (!accept()) {
                return;
            }
        }
    }

    /** Pauses accepting until a permit is free, and requests that an idle connection is closed. */
    private void makeRoom() {
        want(0);
        limit.whenFree(resumeSoon);
        if (!limit.closeLongestIdle(loop.now(), resumeSoon)) {
            loop.timers().set(retry, loop.now() + RETRY_NANOS);
        }
    }

    /** Accepts one connection for the permit taken. Releases the permit and returns false if none waits. */
    private boolean accept() {
        SocketChannel channel = null;
        try {
            channel = listener.accept();
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                LOG.warn("cannot accept on {}, trying again every 100 ms: {}", address, e.getMessage());
            }
            failing = true;
            want(0);
            loop.timers().set(retry, loop.now() + RETRY_NANOS);
        }
        if (channel == null) {
            limit.release();
            return false;
        }
        fewest().receive(channel);
        return true;
    }

    @Override
    public void crashed(Throwable cause) {
        want(0);
        loop.timers().set(retry, loop.now() + RETRY_NANOS);
    }

    private ConnectionReceiver fewest() {
        ConnectionReceiver fewest = receivers.get(0);
        for (int i = 1; i < receivers.size(); i++) {
            if (receivers.get(i).connections() < fewest.connections()) {
                fewest = receivers.get(i);
            }
        }
        return fewest;
    }

    private void resume() {
        want(SelectionKey.OP_ACCEPT);
    }

    private void want(int operations) {
        SelectionKey watched = key;
        if (watched != null && watched.isValid()) {
            watched.interestOps(operations);
        }
    }
}
