package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.StopReport;
import io.github.lbkit.http.internal.loop.BufferBudget;
import io.github.lbkit.http.internal.loop.ConnectionCount;
import io.github.lbkit.http.internal.loop.ConnectionTaker;
import io.github.lbkit.http.internal.loop.EventLoop;
import io.github.lbkit.http.internal.upstream.UpstreamPool;
import io.github.lbkit.http.internal.wire.ByteSink;
import io.github.lbkit.http.internal.wire.write.RequestIds;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.InstantSource;
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
 * What one loop works with: its clients, its connections to servers, and the buffers and parsers that they share.
 * Confined to its loop, but for {@link #take}, {@link #connections}, {@link #idleSince}, {@link #closeLongestIdle} and
 * {@link #inFlight}.
 */
public final class Worker implements ConnectionTaker {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final int SINK = 128 * 1024;
    private static final int MAX_SINK = 16 * SINK;

    /** How long a connection is spared on which nothing has come: its first request is on its way. */
    private static final long UNUSED_NANOS = 1_000_000_000;

    private final EventLoop loop;
    private final UpstreamPool pool;
    private final ProxySettings settings;
    private final ConnectionCount count;
    private final ResponseWriter responses;
    private ByteSink sink = new ByteSink(SINK);
    private final RequestIds ids = RequestIds.withRandomSeed();
    private final ParserPool requestParsers;
    private final ParserPool responseParsers;
    private final Set<ClientConnection> clients = new HashSet<>();

    /** Connections here or on their way here; the acceptor adds, the loop takes away. */
    private final AtomicInteger connections = new AtomicInteger();

    /** Requests in progress; written by the loop alone. */
    private final AtomicInteger inFlight = new AtomicInteger();

    /** Connections that wait for another request. */
    private final IdleConnections idle = new IdleConnections();

    /** Connections that wait for their first request. */
    private final IdleConnections unused = new IdleConnections();

    /** When the longest idle connection became idle, for the acceptors; written by the loop alone. */
    private final AtomicLong idleSince = new AtomicLong(NONE);

    private final CompletableFuture<StopReport> stopped = new CompletableFuture<>();
    private boolean stopping;
    private int finished;
    private int cut;

    /** A worker for this loop; the time is for Date fields. */
    public Worker(
            EventLoop loop, UpstreamPool pool, ProxySettings settings, ConnectionCount count, InstantSource time) {
        this.loop = loop;
        this.pool = pool;
        this.settings = settings;
        this.count = count;
        responses = new ResponseWriter(time);
        requestParsers = new ParserPool(true, settings.limits());
        responseParsers = new ParserPool(false, settings.limits());
    }

    @Override
    public int connections() {
        return connections.get();
    }

    /** Requests in progress. */
    public int inFlight() {
        return inFlight.get();
    }

    /** The loop. */
    public EventLoop loop() {
        return loop;
    }

    /** The loop's connections to servers. */
    public UpstreamPool pool() {
        return pool;
    }

    @Override
    public void take(SocketChannel channel) {
        connections.incrementAndGet();
        loop.execute(() -> admit(channel));
    }

    private void admit(SocketChannel channel) {
        try {
            if (!stopping) {
                clients.add(ClientConnection.open(this, channel));
                return;
            }
        } catch (IOException | RuntimeException | Error e) { // the client is gone, or memory is short: it alone loses
            LOG.debug("a client could not be served", e);
        }
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing an accepted connection", e);
        }
        left();
    }

    @Override
    public long idleSince() {
        return idleSince.get();
    }

    @Override
    public void closeLongestIdle(Runnable otherwise) {
        loop.execute(() -> {
            ClientConnection longest = longestIdle();
            while (longest != null && !longest.closeIfIdle()) {
                longest = longestIdle();
            }
            if (longest == null) {
                otherwise.run();
            }
        });
    }

    /** The longest idle connection that may be closed for another one. */
    private @Nullable ClientConnection longestIdle() {
        ClientConnection a = idle.first();
        ClientConnection b = unused.first();
        if (b != null && b.idleLink().since() - loop.now() > 0) {
            return a;
        }
        return a == null || (b != null && b.idleLink().since() - a.idleLink().since() < 0) ? b : a;
    }

    /** A connection was accepted; it may be closed for another one if its client sends nothing for a while. */
    void opened(ClientConnection client) {
        unused.add(client, loop.now() + UNUSED_NANOS);
        publishIdle();
    }

    /** A connection has had its response and waits for another request. */
    void idle(ClientConnection client) {
        IdleConnections.remove(client);
        idle.add(client, loop.now());
        publishIdle();
    }

    /** A connection is in use, or ends. */
    void notIdle(ClientConnection client) {
        if (client.idleLink().isIdle()) {
            IdleConnections.remove(client);
            publishIdle();
        }
    }

    private void publishIdle() {
        ClientConnection a = idle.first();
        ClientConnection b = unused.first();
        long since = a == null ? NONE : a.idleLink().since();
        if (b != null && (a == null || b.idleLink().since() - since < 0)) {
            since = b.idleLink().since();
        }
        idleSince.lazySet(since);
    }

    private void left() {
        connections.decrementAndGet();
        count.give();
    }

    /** Ends each connection after the next response, which announces the end. */
    void stop() {
        if (!stopping) {
            stopping = true;
            List.copyOf(clients).forEach(ClientConnection::stopSoon);
            completeIfDone();
        }
    }

    /** Completes when the last client has gone after a stop. */
    CompletableFuture<StopReport> stopped() {
        return stopped;
    }

    /** Ends what is left. */
    void cut() {
        List.copyOf(clients).forEach(ClientConnection::stopNow);
        completeIfDone();
    }

    boolean isStopping() {
        return stopping;
    }

    /** A connection that was in use when the stop began has ended. */
    void countStopped(boolean wasCut) {
        if (wasCut) {
            cut++;
        } else {
            finished++;
        }
    }

    void clientEnded(ClientConnection client) {
        if (clients.remove(client)) {
            left();
            completeIfDone();
        }
    }

    private void completeIfDone() {
        if (stopping && clients.isEmpty() && !stopped.isDone()) {
            pool.close();
            stopped.complete(new StopReport(finished, cut));
        }
    }

    void exchangeBegan() {
        inFlight.lazySet(inFlight.getPlain() + 1);
    }

    void exchangeEnded() {
        inFlight.lazySet(inFlight.getPlain() - 1);
    }

    ProxySettings settings() {
        return settings;
    }

    AccessLog accessLog() {
        return settings.accessLog();
    }

    BufferBudget buffers() {
        return loop.budget();
    }

    ResponseWriter responses() {
        return responses;
    }

    RequestIds ids() {
        return ids;
    }

    /** What is about to be written; shared, so it is filled and sent without anything in between. */
    ByteSink sink() {
        if (sink.array().length > MAX_SINK) {
            sink = new ByteSink(SINK); // one large response of our own need not cost its size for ever
        }
        return sink;
    }

    ParserPool requestParsers() {
        return requestParsers;
    }

    ParserPool responseParsers() {
        return responseParsers;
    }
}
