package io.github.lbkit.http.internal.admission;

import io.github.lbkit.http.internal.loop.ChannelHandler;
import io.github.lbkit.http.internal.loop.EventLoop;
import io.github.lbkit.http.internal.loop.Timer;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SelectionKey;
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
 * waits 100 ms. Confined to its loop, except for the constructor and {@link #address}.
 */
public final class Acceptor implements ChannelHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);
    private static final int MAX_ACCEPTED_PER_EVENT = 64;
    private static final long RETRY_NANOS = 100_000_000;

    private final EventLoop loop;
    private final ListeningSocket socket;
    private final List<? extends ConnectionReceiver> receivers;
    private final ConnectionLimit limit;
    private final Timer retry = new Timer(this::resume);
    private final Runnable resumeSoon;
    private @Nullable SelectionKey key;
    private boolean failing;

    /**
     * Creates an acceptor that owns this socket. It accepts nothing before {@link #start}.
     *
     * @param receivers the receivers of the accepted connections
     */
    public Acceptor(
            EventLoop loop,
            ListeningSocket socket,
            List<? extends ConnectionReceiver> receivers,
            ConnectionLimit limit) {
        this.loop = loop;
        this.socket = socket;
        this.receivers = receivers;
        this.limit = limit;
        resumeSoon = () -> loop.execute(this::resume);
    }

    /** Returns the address that the socket is bound to. */
    public SocketAddress address() {
        return socket.address();
    }

    /** Returns the loop of the acceptor. */
    public EventLoop loop() {
        return loop;
    }

    /** Begins to accept. Must be called before the loop starts. */
    public void start() throws IOException {
        key = loop.register(socket.channel(), SelectionKey.OP_ACCEPT, this);
    }

    /**
     * Closes the listening socket. Connections in its backlog are refused. A shared socket stays open, and other
     * processes accept its connections. Later calls do nothing.
     */
    public void close() {
        SelectionKey registered = key;
        key = null;
        if (registered != null) {
            loop.timers().remove(retry);
            registered.cancel();
        }
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("closing the listener on {}", address(), e);
        }
    }

    /**
     * Accepts the connections of the backlog while the limit allows, then closes the listening socket. A client that
     * has connected before the stop may have sent its request already. The backlog of a shared socket is left to other
     * processes. Must be called on the loop.
     */
    public void finish() {
        socket.removeFile();
        int waiting = socket.isShared() ? 0 : ListeningSocket.BACKLOG;
        for (int i = 0; i < waiting && key != null && limit.tryAcquire() && accept(); i++) {}
        close();
    }

    @Override
    public boolean ownsChannel() {
        return !socket.isShared();
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
            channel = socket.channel().accept();
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                LOG.warn("cannot accept on {}, trying again every 100 ms: {}", address(), e.getMessage());
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
