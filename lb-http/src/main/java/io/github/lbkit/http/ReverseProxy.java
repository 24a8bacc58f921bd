package io.github.lbkit.http;

import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.policy.WeightedSplit;
import io.github.lbkit.http.internal.admission.Acceptor;
import io.github.lbkit.http.internal.admission.ClientConnections;
import io.github.lbkit.http.internal.admission.ConnectionLimit;
import io.github.lbkit.http.internal.admission.ListeningSocket;
import io.github.lbkit.http.internal.exchange.Routing;
import io.github.lbkit.http.internal.local.HandlerThreads;
import io.github.lbkit.http.internal.loop.BufferBudget;
import io.github.lbkit.http.internal.loop.EventLoop;
import io.github.lbkit.http.internal.loop.LoopLivenessCheck;
import io.github.lbkit.http.internal.outcome.AccessLog;
import io.github.lbkit.http.internal.outcome.HandshakeLog;
import io.github.lbkit.http.internal.outcome.RefusalLog;
import io.github.lbkit.http.internal.proxy.ProxyLoop;
import io.github.lbkit.http.internal.proxy.ProxyLoops;
import io.github.lbkit.http.internal.proxy.ProxySettings;
import io.github.lbkit.http.internal.proxy.ProxyTls;
import io.github.lbkit.http.internal.upstream.ConnectionCaps;
import io.github.lbkit.http.internal.upstream.UpstreamPool;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 reverse proxy. A {@link LoadBalancer} picks a server for each request, and the proxy forwards the request
 * and the response. The proxy runs on its own event loops; a client's connection and its connections to servers stay on
 * one loop. Thread-safe.
 *
 * <p>A {@code Throwable} of code that works on a request (a key extractor, a policy, a guard, a mapper, a listener)
 * fails that request and nothing else. The client receives 500, or a reset if a response has begun.
 *
 * <p>A failed request is sent to another server if no byte of it was written, or if its method is idempotent. In either
 * case the body so far must still be in the replay buffer, and the client must not have received a byte of a final
 * response.
 *
 * <p>A client that half-closes its connection after a complete request receives its response ({@link
 * ReverseProxyBuilder#abortOnHalfClose}).
 *
 * <p>A request that asks for an allowed protocol ({@link ReverseProxyBuilder#upgrades}, WebSocket by default) becomes a
 * tunnel when its server answers 101. A tunnel is a request in progress until it ends.
 *
 * <pre>{@code
 * ReverseProxy proxy = ReverseProxy.builder()
 *         .balancer(balancer)
 *         .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080))
 *         .start();
 * }</pre>
 */
public final class ReverseProxy implements AutoCloseable {
    private static final Duration MAX_CLOSE = Duration.ofSeconds(5);

    private final List<EventLoop> eventLoops = new ArrayList<>();
    private final List<LoopLivenessCheck> livenessChecks = new ArrayList<>();
    private final List<Acceptor> acceptors = new ArrayList<>();
    private final HandlerThreads handlers;
    private final AccessLog accessLog;
    private final RefusalLog refusals;
    private final ConnectionCaps caps;
    private final BufferBudget buffers;
    private final ProxyLoops loops;
    private final SocketAddress address;
    private final @Nullable Routing routing;
    private final List<Subscription> subscriptions = new ArrayList<>();
    private final ProxyTls tls;
    private final HandshakeLog handshakes;
    private final boolean secure;

    ReverseProxy(ReverseProxyBuilder builder) throws IOException {
        builder.requireOwnQueue();
        secure = builder.listenerTls() != null;
        tls = builder.newTls();
        handshakes = new HandshakeLog(System::nanoTime);
        handlers = builder.newHandlerThreads();
        accessLog = builder.newAccessLog();
        caps = builder.newConnectionCaps();
        buffers = builder.newBufferBudget();
        ConnectionLimit clientLimit = builder.newClientLimit();
        loops = new ProxyLoops(caps, tls);
        routing = builder.newRouting();
        ProxySettings settings = builder.newSettings(routing, handlers, accessLog, handshakes, tls);
        refusals = settings.logs().refusals();
        try {
            for (int i = 0; i < builder.loops(); i++) {
                EventLoop eventLoop = builder.newEventLoop(i, buffers);
                eventLoops.add(eventLoop);
                livenessChecks.add(new LoopLivenessCheck(eventLoop));
                UpstreamPool upstreams = builder.newUpstreamPool(eventLoop, tls, caps, loops::reclaim);
                ProxyLoop loop = ProxyLoop.create(eventLoop, upstreams, settings, clientLimit, InstantSource.system());
                loops.add(loop);
                clientLimit.add(loop.clients());
            }
            address = listen(builder, clientLimit);
        } catch (IOException | RuntimeException e) {
            release();
            throw e;
        }
        accessLog.start();
        eventLoops.forEach(EventLoop::start);
        builder.balancers(routing).forEach(balancer -> subscriptions.add(loops.follow(balancer)));
    }

    private SocketAddress listen(ReverseProxyBuilder builder, ConnectionLimit clientLimit) throws IOException {
        boolean reusePort = builder.reusesPort();
        SocketAddress wanted = builder.listenAddress();
        List<ClientConnections> all = loops.clients();
        for (int i = 0; i < (reusePort ? eventLoops.size() : 1); i++) {
            List<ClientConnections> receivers = reusePort ? List.of(all.get(i)) : all;
            Acceptor acceptor = new Acceptor(eventLoops.get(i), builder.openListener(wanted), receivers, clientLimit);
            acceptors.add(acceptor);
            wanted = acceptor.address();
        }
        for (Acceptor acceptor : acceptors) {
            acceptor.start();
        }
        return wanted;
    }

    /**
     * Refuses a Unix domain socket that another process listens on, or whose path is that of another file.
     *
     * @throws IOException if {@link ReverseProxyBuilder#start} would fail on this socket; the message says why
     */
    public static void requireFree(UnixDomainSocketAddress address) throws IOException {
        ListeningSocket.requireFree(address);
    }

    /** Returns a builder with the default settings. */
    public static ReverseProxyBuilder builder() {
        return new ReverseProxyBuilder();
    }

    /**
     * Returns the IP address and the port that the proxy listens on.
     *
     * @throws IllegalStateException if the proxy listens on a Unix domain socket; see {@link #socketAddress}
     */
    public InetSocketAddress address() {
        if (address instanceof InetSocketAddress inet) {
            return inet;
        }
        throw new IllegalStateException("the proxy listens on the Unix socket " + address + ", not on an IP address");
    }

    /** Returns the address that the proxy listens on: an IP address and a port, or a Unix domain socket. */
    public SocketAddress socketAddress() {
        return address;
    }

    /** Returns whether clients connect over TLS: {@link #address} is one of {@code https}. */
    public boolean isSecure() {
        return secure;
    }

    /** Returns the number of TLS handshakes with clients that failed, requests without TLS included. */
    public long failedHandshakes() {
        return handshakes.failed();
    }

    /**
     * Reads the files of certificates, keys and authorities now, instead of at their next check. Does not wait. The log
     * tells whether changed files are used.
     */
    public void reloadCertificates() {
        tls.reload();
    }

    /** Returns the number of requests in progress: the head was received, and the response is not complete. */
    public int inFlight() {
        return loops.inFlight();
    }

    /**
     * Replaces the weights of a split, from the next request on.
     *
     * @throws IllegalStateException if the proxy was started without a split
     * @throws IllegalArgumentException if the balancers are not those of the split at the start
     */
    public void split(WeightedSplit newSplit) {
        if (routing == null) {
            throw new IllegalStateException("the proxy was started with one balancer, not with a split");
        }
        routing.setWeights(newSplit);
    }

    /** Returns the number of tunnels: requests in progress that have switched protocols. */
    public int tunnels() {
        return loops.tunnels();
    }

    /** Returns the number of open client connections. */
    public int clientConnections() {
        return loops.clientConnections();
    }

    /** Returns the number of bytes that all connections hold in buffers. */
    public long bufferedBytes() {
        return buffers.held();
    }

    /**
     * Returns the failure that ended an event loop; empty while all loops run, and after a stop. The connections of an
     * ended loop are closed, and the process should be restarted.
     */
    public Optional<Throwable> failure() {
        return eventLoops.stream().flatMap(loop -> loop.failure().stream()).findFirst();
    }

    /**
     * Submits an empty task to every event loop, and waits until all loops have run their tasks. Must not be called on
     * a loop.
     *
     * @param within the maximum time to wait, for all loops together
     * @return the reason why a loop runs no tasks, by the name of its thread; empty while all loops run, and after a
     *     stop
     */
    public Map<String, String> stalledLoops(Duration within) throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        livenessChecks.forEach(LoopLivenessCheck::begin);
        Map<String, String> stalled = new LinkedHashMap<>();
        for (LoopLivenessCheck check : livenessChecks) {
            check.await(deadline - System.nanoTime()).ifPresent(reason -> stalled.put(check.name(), reason));
        }
        return stalled;
    }

    /** Returns the number of connections to servers that are open or being made. */
    public int serverConnections() {
        return caps.open();
    }

    /**
     * Returns the number of lines of the access log that were dropped since the start. Lines are dropped while the
     * logger blocks and the queue of lines is full. Requests never wait for the log.
     */
    public long droppedLogLines() {
        return accessLog.dropped();
    }

    /**
     * Returns the number of connections that were closed since the start because their PROXY header was missing or
     * wrong ({@link ReverseProxyBuilder#proxyProtocol}).
     */
    public long refusedProxyHeaders() {
        return refusals.refusedConnections();
    }

    /** Returns the number of open connections to this instance of a server; 0 if there never was one. */
    int upstreamConnections(String serverId, long generation) {
        return caps.open(serverId, generation);
    }

    /**
     * Stops without losing a request. The proxy closes its listening sockets; a socket of {@link
     * ReverseProxyBuilder#listen(ServerSocketChannel)} stays open for other processes. The proxy answers the requests
     * in progress, and the next request of each open connection, with {@code Connection: close}. Each connection ends
     * after that response. At the deadline, the remaining connections are closed, and requests in progress are cut off.
     * After repeated calls, the earliest deadline counts.
     *
     * <p>Tunnels go on until they end or the deadline cuts them off.
     *
     * <p>A client that keeps its connection open without a request delays the stop until the deadline, because its
     * request may be on its way at any moment.
     *
     * @param within the time to the deadline
     * @return a stage that completes when the last client connection has ended
     */
    public CompletionStage<StopReport> stop(Duration within) {
        return stopping(within).minimalCompletionStage();
    }

    private CompletableFuture<StopReport> stopping(Duration within) {
        return loops.stop(acceptors, within).whenComplete((report, failure) -> release());
    }

    /** Stops at once: requests in progress are cut off. Takes at most a few seconds. Later calls do nothing. */
    @Override
    public void close() {
        CompletableFuture<StopReport> stopped = stopping(Duration.ZERO);
        if (eventLoops.stream().anyMatch(EventLoop::isCurrent)) {
            return; // a loop cannot wait for itself
        }
        long deadline = System.nanoTime() + MAX_CLOSE.toNanos();
        try {
            stopped.get(MAX_CLOSE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            release();
        }
        eventLoops.forEach(loop -> loop.awaitEnd(deadline - System.nanoTime()));
        accessLog.awaitEnd(deadline - System.nanoTime());
    }

    private void release() {
        subscriptions.forEach(Subscription::close);
        acceptors.forEach(Acceptor::close);
        eventLoops.forEach(EventLoop::stop);
        handlers.close();
        tls.close();
        accessLog.end();
    }
}
