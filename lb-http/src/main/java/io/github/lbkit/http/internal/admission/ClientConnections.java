package io.github.lbkit.http.internal.admission;

import io.github.lbkit.http.StopReport;
import io.github.lbkit.http.internal.loop.EventLoop;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client connections of one loop: it admits them, knows which are idle, and ends them when the proxy stops.
 * Confined to its loop, except for the methods of {@link ConnectionReceiver}, {@link #inFlight} and {@link #tunnels}.
 */
public final class ClientConnections implements ConnectionReceiver {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnections.class);

    /** The time for which a new connection without a request is not closed: its first request may be on its way. */
    private static final long UNUSED_NANOS = 1_000_000_000;

    private final EventLoop loop;
    private final ConnectionLimit limit;
    private final Opener opener;
    private final Set<TrackedConnection> tracked = new HashSet<>();

    /** Connections on this loop or on their way to it. The acceptor increments, the loop decrements. */
    private final AtomicInteger connections = new AtomicInteger();

    /** Requests in progress. Written by the loop alone. */
    private final AtomicInteger inFlight = new AtomicInteger();

    /** Requests that have become a tunnel. Written by the loop alone. */
    private final AtomicInteger tunnels = new AtomicInteger();

    /** Connections that wait for a further request. */
    private final IdleConnections idle = new IdleConnections();

    /** Connections that wait for their first request. */
    private final IdleConnections unused = new IdleConnections();

    /** The result of {@link #idleSince}, for the acceptors. Written by the loop alone. */
    private final AtomicLong idleSince = new AtomicLong(NONE);

    private final CompletableFuture<StopReport> stopped = new CompletableFuture<>();
    private boolean stopping;
    private int finished;
    private int cut;

    /** A factory of connections over accepted sockets. */
    @FunctionalInterface
    public interface Opener {
        /** Opens a connection that reads from the socket. */
        TrackedConnection open(SocketChannel channel, ClientConnections connections) throws IOException;
    }

    /** Creates an empty set of connections of this loop. */
    public ClientConnections(EventLoop loop, ConnectionLimit limit, Opener opener) {
        this.loop = loop;
        this.limit = limit;
        this.opener = opener;
    }

    @Override
    public int connections() {
        return connections.get();
    }

    /** Returns the number of requests in progress. */
    public int inFlight() {
        return inFlight.get();
    }

    /** Returns the number of tunnels. */
    public int tunnels() {
        return tunnels.get();
    }

    @Override
    public void receive(SocketChannel channel) {
        connections.incrementAndGet();
        loop.execute(() -> admit(channel));
    }

    private void admit(SocketChannel channel) {
        try {
            if (!stopping) {
                TrackedConnection opened = opener.open(channel, this);
                tracked.add(opened);
                unused.add(opened, loop.now() + UNUSED_NANOS);
                publishIdleSince();
                return;
            }
        } catch (IOException | RuntimeException | Error e) { // the client is gone, or memory is short
            LOG.debug("a client could not be served", e);
        }
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing an accepted connection", e);
        }
        release();
    }

    @Override
    public long idleSince() {
        return idleSince.get();
    }

    @Override
    public void closeLongestIdle(Runnable otherwise) {
        loop.execute(() -> {
            TrackedConnection longest = longestIdle();
            while (longest != null && !longest.closeIfIdle()) {
                longest = longestIdle();
            }
            if (longest == null) {
                otherwise.run();
            }
        });
    }

    /** Returns the longest idle connection that may be closed now; null if there is none. */
    private @Nullable TrackedConnection longestIdle() {
        TrackedConnection a = idle.first();
        TrackedConnection b = unused.first();
        if (b != null && b.idleLink().since() - loop.now() > 0) {
            return a;
        }
        return a == null || (b != null && b.idleLink().since() - a.idleLink().since() < 0) ? b : a;
    }

    /** Notes that a connection waits for a further request. */
    public void idle(TrackedConnection connection) {
        IdleConnections.remove(connection);
        idle.add(connection, loop.now());
        publishIdleSince();
    }

    /** Notes that a connection is in use, or ends. */
    public void notIdle(TrackedConnection connection) {
        if (connection.idleLink().isIdle()) {
            IdleConnections.remove(connection);
            publishIdleSince();
        }
    }

    private void publishIdleSince() {
        TrackedConnection a = idle.first();
        TrackedConnection b = unused.first();
        long since = a == null ? NONE : a.idleLink().since();
        if (b != null && (a == null || b.idleLink().since() - since < 0)) {
            since = b.idleLink().since();
        }
        idleSince.lazySet(since);
    }

    private void release() {
        connections.decrementAndGet();
        limit.release();
    }

    /** Ends each connection after its next response, which announces the end. */
    public void stop() {
        if (!stopping) {
            stopping = true;
            List.copyOf(tracked).forEach(TrackedConnection::stopGracefully);
            completeIfDone();
        }
    }

    /** Returns the completion of a stop: the last connection has ended. */
    public CompletableFuture<StopReport> stopped() {
        return stopped;
    }

    /** Ends all connections now. */
    public void stopNow() {
        List.copyOf(tracked).forEach(TrackedConnection::stopNow);
        completeIfDone();
    }

    /** Returns whether {@link #stop} was called. */
    public boolean isStopping() {
        return stopping;
    }

    /**
     * Counts the end of a connection that was in use when the stop began.
     *
     * @param wasCut whether a request of the connection was cut off
     */
    public void countStopped(boolean wasCut) {
        if (wasCut) {
            cut++;
        } else {
            finished++;
        }
    }

    /** Notes that a connection has handed its channel over to another, which waits for its first request. */
    public void replaced(TrackedConnection before, TrackedConnection after) {
        if (tracked.remove(before)) {
            IdleConnections.remove(before);
            tracked.add(after);
            unused.add(after, loop.now() + UNUSED_NANOS);
            publishIdleSince();
        }
    }

    /** Notes that a connection has ended. */
    public void ended(TrackedConnection connection) {
        if (tracked.remove(connection)) {
            release();
            completeIfDone();
        }
    }

    private void completeIfDone() {
        if (stopping && tracked.isEmpty() && !stopped.isDone()) {
            stopped.complete(new StopReport(finished, cut));
        }
    }

    /** Counts the beginning of a request. */
    public void exchangeBegan() {
        inFlight.lazySet(inFlight.getPlain() + 1);
    }

    /** Counts the beginning of a tunnel, whose request goes on. */
    public void tunnelBegan() {
        tunnels.lazySet(tunnels.getPlain() + 1);
    }

    /** Counts the end of a tunnel. */
    public void tunnelEnded() {
        tunnels.lazySet(tunnels.getPlain() - 1);
    }

    /** Counts the end of a request. */
    public void exchangeEnded() {
        inFlight.lazySet(inFlight.getPlain() - 1);
    }
}
