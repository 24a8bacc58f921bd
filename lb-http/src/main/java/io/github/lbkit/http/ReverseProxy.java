package io.github.lbkit.http;

import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.NameResolver;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.WaitQueue;
import io.github.lbkit.api.WeightedSplit;
import io.github.lbkit.http.internal.exchange.AccessLog;
import io.github.lbkit.http.internal.exchange.CallSource;
import io.github.lbkit.http.internal.exchange.Crew;
import io.github.lbkit.http.internal.exchange.Explanations;
import io.github.lbkit.http.internal.exchange.ProxySettings;
import io.github.lbkit.http.internal.exchange.RefusalLog;
import io.github.lbkit.http.internal.exchange.Routing;
import io.github.lbkit.http.internal.exchange.TimeoutNanos;
import io.github.lbkit.http.internal.exchange.TrustedProxies;
import io.github.lbkit.http.internal.exchange.Worker;
import io.github.lbkit.http.internal.local.HandlerThreads;
import io.github.lbkit.http.internal.local.LocalRoutes;
import io.github.lbkit.http.internal.local.Route;
import io.github.lbkit.http.internal.loop.Acceptor;
import io.github.lbkit.http.internal.loop.BufferBudget;
import io.github.lbkit.http.internal.loop.ConnectionCount;
import io.github.lbkit.http.internal.loop.EventLoop;
import io.github.lbkit.http.internal.loop.LoopPulse;
import io.github.lbkit.http.internal.loop.OpenFiles;
import io.github.lbkit.http.internal.status.FailureStatuses;
import io.github.lbkit.http.internal.upstream.ConnectionCaps;
import io.github.lbkit.http.internal.upstream.InstanceKey;
import io.github.lbkit.http.internal.upstream.UpstreamOptions;
import io.github.lbkit.http.internal.upstream.UpstreamPool;
import io.github.lbkit.http.internal.wire.write.Via;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP/1.1 reverse proxy: takes requests, has a {@link LoadBalancer} choose a server for each, and passes the response
 * on. It runs on event loops of its own; a client's connection and those to its servers stay on one loop. Thread-safe.
 *
 * <p>Whatever is thrown by code that works on a request (a key extractor, a policy, a guard, a mapper, a listener) ends that
 * request, by 500 or by a cut, and nothing else.
 *
 * <p>A request that fails is repeated at another server if no byte of it was written, or if its method is idempotent; in
 * either case only while its body so far is still at hand and the client has got no byte of a final response.
 *
 * <p>A client that ends its side of the connection (half-closes) behind a complete request gets its response ({@link
 * Builder#abortOnHalfClose}).
 */
public final class ReverseProxy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReverseProxy.class);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);
    private static final int SHARE_OF_HEAP = 4;
    private static final long LEAST_BUFFERED = 1L << 20;
    private static final long MOST_BUFFERED = 1L << 40;

    private final List<EventLoop> loops = new ArrayList<>();
    private final List<LoopPulse> pulses = new ArrayList<>();
    private final List<Acceptor> acceptors = new ArrayList<>();
    private final HandlerThreads handlers;
    private final AccessLog accessLog;
    private final ConnectionCaps caps;
    private final BufferBudget buffers;
    private final Crew crew;
    private final InetSocketAddress address;
    private final @Nullable Routing routing;
    private final List<Subscription> instances = new ArrayList<>();

    private ReverseProxy(Builder builder) throws IOException {
        if (builder.queue != null && builder.queue.balancer() != builder.balancer) {
            throw new IllegalArgumentException("the wait queue is not that of the proxy's balancer");
        }
        handlers = new HandlerThreads(builder.name, builder.handlerThreads);
        accessLog = new AccessLog(builder.accessLog, builder.name, System::nanoTime);
        caps = new ConnectionCaps(builder.limits.connectionsPerServer());
        buffers = new BufferBudget(builder.maxBuffered());
        ConnectionCount clients = new ConnectionCount(builder.clientConnections());
        crew = new Crew(caps);
        routing = builder.routing();
        ProxySettings settings = builder.settings(handlers, builder.calls(routing), accessLog);
        try {
            for (int i = 0; i < builder.loops; i++) {
                EventLoop loop = new EventLoop(builder.name + "-loop-" + i, System::nanoTime, buffers);
                loops.add(loop);
                pulses.add(new LoopPulse(loop));
                UpstreamPool pool = new UpstreamPool(
                        loop,
                        caps,
                        builder.names,
                        UpstreamOptions.of(builder.timeouts, builder.limits, builder.loops),
                        crew::reclaim);
                Worker worker = new Worker(loop, pool, settings, clients, InstantSource.system());
                crew.add(worker);
                clients.add(worker);
            }
            address = listen(builder, clients);
        } catch (IOException | RuntimeException e) {
            release();
            throw e;
        }
        accessLog.start();
        loops.forEach(EventLoop::start);
        builder.balancers(routing).forEach(balancer -> instances.add(crew.follow(balancer)));
    }

    private InetSocketAddress listen(Builder builder, ConnectionCount clients) throws IOException {
        InetSocketAddress wanted = builder.listen;
        for (int i = 0; i < (builder.reusePort ? loops.size() : 1); i++) {
            List<Worker> takers = builder.reusePort ? List.of(crew.workers().get(i)) : crew.workers();
            Acceptor acceptor = Acceptor.bind(loops.get(i), wanted, builder.reusePort, takers, clients);
            acceptors.add(acceptor);
            wanted = acceptor.address();
        }
        for (Acceptor acceptor : acceptors) {
            acceptor.start();
        }
        return wanted;
    }

    /** The settings of a proxy, at their defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return address;
    }

    /** Requests in progress: their head has come, and the response has not been handed over. */
    public int inFlight() {
        return crew.inFlight();
    }

    /**
     * Sends each key where these weights send it, from the next request on.
     *
     * @throws IllegalStateException if the proxy was started without a split
     * @throws IllegalArgumentException if the balancers are not those of the split that it was started with
     */
    public void split(WeightedSplit newest) {
        if (routing == null) {
            throw new IllegalStateException("the proxy was started with one balancer, not with a split");
        }
        routing.reweigh(newest);
    }

    /** How many connections of clients are open. */
    public int clientConnections() {
        return crew.clientConnections();
    }

    /** Returns how many bytes all connections hold in buffers. */
    public long bufferedBytes() {
        return buffers.held();
    }

    /**
     * Returns what ended an event loop although nobody had stopped the proxy; empty while all is well. A loop that has ended
     * serves no connection any more: the process should be restarted.
     */
    public Optional<Throwable> failure() {
        return loops.stream().flatMap(loop -> loop.failure().stream()).findFirst();
    }

    /**
     * Gives every event loop an empty task and waits until all loops have run theirs: whether the proxy can serve at all.
     * Must not be called on a loop.
     *
     * @param within the maximum time to wait, for all loops together
     * @return why a loop does not turn, by the name of its thread; empty while all turn, and after a stop
     */
    public Map<String, String> stalledLoops(Duration within) throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        pulses.forEach(LoopPulse::ask);
        Map<String, String> stalled = new LinkedHashMap<>();
        for (LoopPulse pulse : pulses) {
            pulse.await(deadline - System.nanoTime()).ifPresent(why -> stalled.put(pulse.name(), why));
        }
        return stalled;
    }

    /** How many connections to servers are open, or being made. */
    public int serverConnections() {
        return caps.open();
    }

    /**
     * Returns how many lines of the access log were not written, since the start: lines are dropped while the logger blocks
     * and too many others wait. Requests never wait for the log.
     */
    public long droppedLogLines() {
        return accessLog.dropped();
    }

    /** How many connections to this instance of a server are open; 0 if there never was one. */
    int upstreamConnections(String serverId, long generation) {
        return caps.open(serverId, generation);
    }

    /**
     * Stops without losing a request: listens no more, answers requests in progress and the next request of each open
     * connection with {@code Connection: close}, and closes each connection after that. What is left at the deadline is
     * closed, or cut if a request is in progress. Again: the earliest deadline counts.
     *
     * <p>A client that keeps its connection open and sends nothing makes the stop take the whole time, because a request of
     * the client may be on its way at any moment.
     *
     * @param within from now
     * @return completes when the last connection of a client has ended, with how that went
     */
    public CompletionStage<StopReport> stop(Duration within) {
        return stopping(within).minimalCompletionStage();
    }

    private CompletableFuture<StopReport> stopping(Duration within) {
        return crew.stop(acceptors, within).whenComplete((report, failure) -> release());
    }

    /** Stops at once: requests in progress are cut. Takes a few seconds at most; again: nothing happens. */
    @Override
    public void close() {
        CompletableFuture<StopReport> stopped = stopping(Duration.ZERO);
        if (loops.stream().anyMatch(EventLoop::isCurrent)) {
            return; // a loop cannot wait for itself
        }
        long deadline = System.nanoTime() + CLOSE_WITHIN.toNanos();
        try {
            stopped.get(CLOSE_WITHIN.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            release();
        }
        loops.forEach(loop -> loop.awaitEnd(deadline - System.nanoTime()));
        accessLog.awaitEnd(deadline - System.nanoTime());
    }

    private void release() {
        instances.forEach(Subscription::close);
        acceptors.forEach(Acceptor::close);
        loops.forEach(EventLoop::stop);
        handlers.close();
        accessLog.end();
    }

    /** The settings of a proxy. Not thread-safe. */
    public static final class Builder {
        private InetSocketAddress listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080);
        private @Nullable LoadBalancer balancer;
        private @Nullable WeightedSplit split;
        private KeyExtractor splitBy = KeyExtractor.none();
        private @Nullable WaitQueue queue;
        private KeyExtractor key = KeyExtractor.requestId();
        private final Map<String, Route> routes = new LinkedHashMap<>();
        private @Nullable Route fallback;
        private Function<RequestHead, Optional<LocalResponse>> guard = head -> Optional.empty();
        private @Nullable ResponseMapper mapper;
        private Timeouts timeouts = Timeouts.DEFAULTS;
        private Limits limits = Limits.DEFAULTS;
        private int loops = Math.max(1, Runtime.getRuntime().availableProcessors());
        private int handlerThreads = 8;
        private Set<Integer> failureStatuses = FailureStatuses.DEFAULT;
        private Set<Integer> retryStatuses = Set.of();
        private NameResolver names = NameResolver.system();
        private List<Cidr> trustedProxies = List.of();
        private @Nullable String pseudonym;
        private boolean via = true;
        private boolean abortOnHalfClose;
        private boolean reusePort;
        private boolean accessLog;
        private boolean requestBuffering = true;
        private long maxBuffered;
        private final Explanations explanations = new Explanations(System::nanoTime);
        private String name = "lbkit";

        private Builder() {}

        /** Where to listen; port 0 is any that is free. 127.0.0.1:8080 by default. */
        public Builder listen(InetSocketAddress value) {
            if (value.isUnresolved()) {
                throw new IllegalArgumentException("listen address " + value + " is not an address of this machine");
            }
            listen = value;
            return this;
        }

        /** Where servers come from; without one, only routes and the fallback answer, and 404. */
        public Builder balancer(LoadBalancer value) {
            balancer = value;
            return this;
        }

        /**
         * Where servers come from, for different requests different ones, instead of {@link #balancer}: a canary, for
         * example. {@link ReverseProxy#split} changes the weights later.
         *
         * @param by what requests are split by, so that those of one key go to one balancer; those without a key are
         *     drawn one by one. Routing within a balancer has a {@link #key} of its own, which may be the same
         */
        public Builder split(WeightedSplit value, KeyExtractor by) {
            split = value;
            splitBy = by;
            return this;
        }

        /**
         * Where a request waits that finds every server at its cap, instead of being answered 503 at once; nowhere by default.
         * It must be the queue of the proxy's balancer; whoever made it closes it.
         */
        public Builder queue(WaitQueue value) {
            queue = value;
            return this;
        }

        /** What requests are routed by; their id by default. */
        public Builder key(KeyExtractor value) {
            key = value;
            return this;
        }

        /**
         * Answers this path here.
         *
         * @param path compared byte for byte with what stands before {@code ?}; nothing is decoded or normalized
         * @param maxBody the longest body that the handler is given whole, in bytes, 0 to 64 MiB
         */
        public Builder route(String path, int maxBody, LocalHandler handler) {
            LocalRoutes.add(path, Route.whole(maxBody, handler), routes);
            return this;
        }

        /** Answers this path here, by bodies that may go on for as long as their clients listen; requests have none. */
        public Builder stream(String path, StreamHandler handler) {
            LocalRoutes.add(path, new Route(0, handler), routes);
            return this;
        }

        /** Answers, without a balancer, what no route answers; 404 by default. With a balancer it is of no use. */
        public Builder fallback(int maxBody, LocalHandler handler) {
            fallback = Route.whole(maxBody, handler);
            return this;
        }

        /** May answer a request for a route before its body is read. Runs on the loops: must not block. */
        public Builder guard(Function<RequestHead, Optional<LocalResponse>> value) {
            guard = value;
            return this;
        }

        /** May replace servers' responses; passes all on by default. */
        public Builder mapResponse(ResponseMapper value) {
            mapper = value;
            return this;
        }

        /** How long to wait; {@link Timeouts#DEFAULTS} by default. */
        public Builder timeouts(Timeouts value) {
            timeouts = value;
            return this;
        }

        /** How much to take in; {@link Limits#DEFAULTS} by default. */
        public Builder limits(Limits value) {
            limits = value;
            return this;
        }

        /** How many event loops, 1 to 256; as many as there are processors by default. */
        public Builder loops(int value) {
            loops = within("loops", value, 256);
            return this;
        }

        /** How many threads routes run on, 1 to 1024; 8 by default. Some requests more wait; beyond is 503. */
        public Builder handlerThreads(int value) {
            handlerThreads = within("handlerThreads", value, 1024);
            return this;
        }

        /**
         * The statuses, 500 to 999, by which a complete response counts as a failure of its server: the client gets it,
         * and the balancer is told. 502, 503 and 504 by default. A 503 that says when to come back ({@code Retry-After}) tells
         * of overload, which does not eject.
         */
        public Builder failureStatuses(Set<Integer> value) {
            failureStatuses = FailureStatuses.within("failure status", value, 500);
            return this;
        }

        /**
         * The statuses, 400 to 999, after which a request is tried at another server, if its method is idempotent, its whole
         * body is still at hand, and its attempts and the balancer's retry budget allow it; none by default. The client gets
         * the last answer when no other server can be tried. An answer whose body is longer than what is held back
         * ({@link Limits#held}) is passed on as it is.
         */
        public Builder retryStatuses(Set<Integer> value) {
            retryStatuses = FailureStatuses.within("retry status", value, 400);
            return this;
        }

        /**
         * Sets the proxies in front of this proxy whose forwarding fields are believed; none by default. From them, {@code Forwarded} and
         * {@code X-Forwarded-…} pass, {@code X-Forwarded-For} with the peer's address appended. The client's address, by which {@link
         * KeyExtractor#clientIp} routes and which the access log shows, is then the first address of {@code X-Forwarded-For}, from the
         * right, that is not a trusted proxy's. Fields of all other peers are dropped, since any client can write them.
         */
        public Builder trustedProxies(List<Cidr> value) {
            trustedProxies = List.copyOf(value);
            return this;
        }

        /**
         * Sets the name by which servers and other proxies know this proxy in {@code Via}; {@code lbkit-} and twelve random digits by
         * default. A request whose {@code Via} has this name is a loop, and is answered 508: proxies of which one stands before another
         * need different names.
         *
         * @param value a token (RFC 9110 5.6.2)
         */
        public Builder pseudonym(String value) {
            pseudonym = Via.checked(value);
            return this;
        }

        /**
         * Sets whether requests carry this proxy in {@code Via} (RFC 9110 7.6.3), and loops are found by it; yes by default. Responses
         * carry no {@code Via} of this proxy, which a gateway may leave out.
         */
        public Builder via(boolean value) {
            via = value;
            return this;
        }

        /**
         * Sets whether a client that ends its side of the connection before it has its response is taken to be gone: its request
         * is given up, and its server's connection closed. No by default: a client may half-close behind a complete request and
         * still read (RFC 9112 9.6), and a client that has left cannot be told from it before the response is written. Set
         * this where clients never half-close and requests that nobody waits for cost much. A client that ends its side within
         * a request, and one that listens to a {@link #stream}, are taken to be gone in either case.
         */
        public Builder abortOnHalfClose(boolean value) {
            abortOnHalfClose = value;
            return this;
        }

        /**
         * Whether each loop has a listening socket of its own, by SO_REUSEPORT; no by default. Then another process can
         * listen on the same port, and closing resets connections that wait to be accepted.
         */
        public Builder reusePort(boolean value) {
            reusePort = value;
            return this;
        }

        /**
         * Whether each request is logged as one line, at INFO, by {@code io.github.lbkit.http.access}; no by default. A thread
         * of the proxy writes the lines. Up to 4 Mi characters of them wait while the logger blocks; the others are dropped,
         * counted ({@link ReverseProxy#droppedLogLines}), and reported when the logger can write again.
         */
        public Builder accessLog(boolean value) {
            accessLog = value;
            return this;
        }

        /**
         * Sets the source of the addresses of servers; {@link NameResolver#system()} by default. The caller closes it, after
         * the proxy. A connection to a server tries all addresses of its host within {@link Timeouts#connect}: each next one
         * when an earlier one has failed, or 250 ms later while the earlier ones go on.
         */
        public Builder names(NameResolver value) {
            names = value;
            return this;
        }

        /**
         * Sets whether the body of a request is collected before a server is asked, if it has a Content-Length of at most
         * {@link Limits#replay}; yes by default. Then a client that sends slowly holds no place at a server. Other bodies are
         * passed on as they come.
         */
        public Builder requestBuffering(boolean value) {
            requestBuffering = value;
            return this;
        }

        /**
         * Sets how many bytes all connections together may hold in buffers, 1 MiB to 1 TiB; a quarter of the greatest heap by
         * default. From four fifths on, new requests are answered 503, and connections that hold something are not read from
         * until peers have taken some of it.
         */
        public Builder maxBuffered(long bytes) {
            if (bytes < LEAST_BUFFERED || bytes > MOST_BUFFERED) {
                throw new IllegalArgumentException("maxBuffered " + bytes + " is not within " + LEAST_BUFFERED + " to "
                        + MOST_BUFFERED + " bytes");
            }
            maxBuffered = bytes;
            return this;
        }

        /** What the threads' names begin with; {@code lbkit} by default. */
        public Builder name(String value) {
            name = value;
            return this;
        }

        /**
         * Starts the proxy.
         *
         * @throws IOException if it cannot listen where it should; the message names the address
         * @throws IllegalArgumentException if there are both a balancer and a split, or if a server that is known by now speaks another
         *     protocol than {@code http}; such a server that joins later gets no connection, and is told in the log
         */
        public ReverseProxy start() throws IOException {
            if (balancer != null && split != null) {
                throw new IllegalArgumentException("a proxy has a balancer or a split of balancers, not both");
            }
            Routing routes = routing();
            balancers(routes).forEach(Builder::requireSpoken);
            return new ReverseProxy(this);
        }

        private static void requireSpoken(LoadBalancer over) {
            for (InstanceKey key : InstanceKey.present(over.membership())) {
                if (!key.isSpoken()) {
                    throw new IllegalArgumentException(key.whyUnspoken());
                }
            }
        }

        /** The cap of connections of clients, lowered to what the process can open. */
        private int clientConnections() {
            OpenFiles files = OpenFiles.now();
            int wanted = limits.clientConnections();
            int possible = files.clients(wanted);
            boolean byDefault = wanted == Limits.DEFAULTS.clientConnections();
            if (possible < (byDefault ? wanted / 2 : wanted)) { // a default follows from the process: told if it is low
                LOG.info(
                        "proxy {}: at most {} connections of clients instead of {}, because the process may open {} files",
                        name,
                        possible,
                        wanted,
                        files.limit());
            }
            return possible;
        }

        private @Nullable Routing routing() {
            return split == null ? null : new Routing(split, splitBy, key);
        }

        private @Nullable CallSource calls(@Nullable Routing routing) {
            LoadBalancer only = balancer;
            KeyExtractor by = key;
            return only == null ? routing : head -> only.call(by.key(head));
        }

        private Set<LoadBalancer> balancers(@Nullable Routing routing) {
            return balancer != null ? Set.of(balancer) : routing != null ? routing.balancers() : Set.of();
        }

        private ProxySettings settings(HandlerThreads handlers, @Nullable CallSource calls, AccessLog log) {
            return new ProxySettings(
                    calls,
                    queue,
                    new LocalRoutes(routes),
                    fallback,
                    guard,
                    mapper,
                    handlers,
                    TimeoutNanos.of(timeouts),
                    limits,
                    new FailureStatuses(failureStatuses),
                    retryStatuses,
                    new TrustedProxies(trustedProxies),
                    new RefusalLog(),
                    via ? Via.of(pseudonym == null ? randomPseudonym() : pseudonym) : Via.NONE,
                    abortOnHalfClose,
                    log,
                    requestBuffering,
                    explanations);
        }

        private long maxBuffered() {
            return maxBuffered > 0 ? maxBuffered : Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP;
        }

        /** The same for all loops of the proxy, so it is made once. */
        private String randomPseudonym() {
            String made = String.format("lbkit-%012x", new SecureRandom().nextLong() & 0xffff_ffff_ffffL);
            pseudonym = made;
            return made;
        }

        private static int within(String name, int value, int max) {
            if (value < 1 || value > max) {
                throw new IllegalArgumentException(name + " " + value + " is not within 1 to " + max);
            }
            return value;
        }
    }
}
