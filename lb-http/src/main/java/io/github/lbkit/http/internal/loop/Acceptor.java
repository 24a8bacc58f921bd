package io.github.lbkit.http.internal.loop;

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
 * A listening socket on one loop: gives each accepted connection to the loop that has the fewest. At the cap of connections
 * the longest idle one is closed for the next; while none is idle, nothing is accepted. Where the system has no file or memory
 * for another connection, accepting waits a moment. Confined to its loop, but for {@link #bind} and {@link #address}.
 */
public final class Acceptor implements KeyHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);
    private static final int BACKLOG = 4096;
    private static final int ACCEPTED_AT_ONCE = 64;
    private static final long PAUSE_NANOS = 100_000_000;

    private final EventLoop loop;
    private final ServerSocketChannel listener;
    private final InetSocketAddress address;
    private final List<? extends ConnectionTaker> takers;
    private final ConnectionCount count;
    private final Timer pause = new Timer(this::resume);
    private final Runnable resumeSoon;
    private @Nullable SelectionKey key;
    private boolean failing;

    private Acceptor(
            EventLoop loop, ServerSocketChannel listener, List<? extends ConnectionTaker> takers, ConnectionCount count)
            throws IOException {
        this.loop = loop;
        this.listener = listener;
        this.address = (InetSocketAddress) listener.getLocalAddress();
        this.takers = takers;
        this.count = count;
        resumeSoon = () -> loop.execute(this::resume);
    }

    /**
     * Listens, but accepts nothing before {@link #start}.
     *
     * @param takers who gets the connections
     * @throws IOException if the address cannot be had; the message names it
     */
    public static Acceptor bind(
            EventLoop loop,
            InetSocketAddress address,
            boolean reusePort,
            List<? extends ConnectionTaker> takers,
            ConnectionCount count)
            throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        try {
            listener.configureBlocking(false);
            listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            if (reusePort) {
                listener.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            listener.bind(address, BACKLOG);
            return new Acceptor(loop, listener, takers, count);
        } catch (IOException | RuntimeException e) {
            listener.close();
            throw new IOException("cannot listen on " + address + ": " + e.getMessage(), e);
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return address;
    }

    /** The loop it lives on. */
    public EventLoop loop() {
        return loop;
    }

    /** Begins to accept; before its loop starts. */
    public void start() throws IOException {
        key = loop.register(listener, SelectionKey.OP_ACCEPT, this);
    }

    /** Ends listening; connections that wait to be accepted are refused. Again: nothing happens. */
    public void close() {
        if (!listener.isOpen()) {
            return;
        }
        loop.timers().remove(pause);
        key = null;
        try {
            listener.close();
        } catch (IOException e) {
            LOG.debug("closing the listener on {}", address, e);
        }
    }

    /**
     * Accepts the connections that wait to be accepted, as far as there is room, then ends listening. A client that has
     * connected before the stop may have sent its request already. On the loop.
     */
    public void finish() {
        for (int i = 0; i < BACKLOG && key != null && count.tryTake() && accept(); i++) {}
        close();
    }

    @Override
    public void ready(int operations) {
        for (int i = 0; i < ACCEPTED_AT_ONCE; i++) {
            if (!count.tryTake()) {
                if (i == 0) { // later on, nobody knows whether another connection waits
                    makeRoom();
                }
                return;
            }
            if (!accept()) {
                return;
            }
        }
    }

    /** Has a place made for the connection that waits. */
    private void makeRoom() {
        want(0);
        count.whenFree(resumeSoon);
        if (!count.closeLongestIdle(loop.now(), resumeSoon)) {
            loop.timers().set(pause, loop.now() + PAUSE_NANOS);
        }
    }

    /** Accepts one connection for the place that was taken; gives the place back and returns false if none waits. */
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
            loop.timers().set(pause, loop.now() + PAUSE_NANOS);
        }
        if (channel == null) {
            count.give();
            return false;
        }
        fewest().take(channel);
        return true;
    }

    @Override
    public void crashed(Throwable cause) {
        want(0);
        loop.timers().set(pause, loop.now() + PAUSE_NANOS);
    }

    private ConnectionTaker fewest() {
        ConnectionTaker fewest = takers.get(0);
        for (int i = 1; i < takers.size(); i++) {
            if (takers.get(i).connections() < fewest.connections()) {
                fewest = takers.get(i);
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
