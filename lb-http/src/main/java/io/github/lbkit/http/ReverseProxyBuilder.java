package io.github.lbkit.http;

import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.WaitQueue;
import io.github.lbkit.api.policy.WeightedSplit;
import io.github.lbkit.api.runtime.NameResolver;
import io.github.lbkit.http.internal.admission.ConnectionLimit;
import io.github.lbkit.http.internal.admission.OpenFiles;
import io.github.lbkit.http.internal.exchange.CallSource;
import io.github.lbkit.http.internal.exchange.ForwardingSettings;
import io.github.lbkit.http.internal.exchange.LocalSettings;
import io.github.lbkit.http.internal.exchange.Routing;
import io.github.lbkit.http.internal.exchange.TimeoutNanos;
import io.github.lbkit.http.internal.h1.Http1Security;
import io.github.lbkit.http.internal.h1.Http1Settings;
import io.github.lbkit.http.internal.local.HandlerThreads;
import io.github.lbkit.http.internal.local.LocalRoutes;
import io.github.lbkit.http.internal.local.Route;
import io.github.lbkit.http.internal.loop.BufferBudget;
import io.github.lbkit.http.internal.loop.EventLoop;
import io.github.lbkit.http.internal.outcome.AccessLog;
import io.github.lbkit.http.internal.outcome.ExchangeLogs;
import io.github.lbkit.http.internal.outcome.FailureLog;
import io.github.lbkit.http.internal.outcome.HandshakeLog;
import io.github.lbkit.http.internal.outcome.RefusalLog;
import io.github.lbkit.http.internal.peer.TrustedProxies;
import io.github.lbkit.http.internal.proxy.ProxySettings;
import io.github.lbkit.http.internal.proxy.ProxyTls;
import io.github.lbkit.http.internal.status.FailureStatuses;
import io.github.lbkit.http.internal.upstream.ConnectionCaps;
import io.github.lbkit.http.internal.upstream.InstanceKey;
import io.github.lbkit.http.internal.upstream.UpstreamOptions;
import io.github.lbkit.http.internal.upstream.UpstreamPool;
import io.github.lbkit.http.internal.wire.write.CertificateField;
import io.github.lbkit.http.internal.wire.write.Via;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A builder of a {@link ReverseProxy}. Not thread-safe. */
public final class ReverseProxyBuilder {
    private static final Logger LOG = LoggerFactory.getLogger(ReverseProxy.class);

    /** The default bound of buffered bytes is the maximum heap divided by this. */
    private static final int DEFAULT_BUFFERED_DIVISOR = 4;

    private static final long MIN_BUFFERED = 1L << 20;
    private static final long MAX_BUFFERED = 1L << 40;
    private static final Duration MAX_HSTS = Duration.ofDays(3650);

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
    private @Nullable ListenerTls tls;
    private ServerTls serverTls = ServerTls.DEFAULTS;
    private @Nullable Duration hsts;
    private @Nullable CertificateField clientCertificateHeader;
    private String name = "lbkit";

    ReverseProxyBuilder() {}

    /** Sets the address to listen on; 127.0.0.1:8080 by default. Port 0 means any free port. */
    public ReverseProxyBuilder listen(InetSocketAddress value) {
        if (value.isUnresolved()) {
            throw new IllegalArgumentException("listen address " + value + " is not an address of this machine");
        }
        listen = value;
        return this;
    }

    /**
     * Sets the balancer that picks servers. Without one, only routes and the fallback answer; all other paths get 404.
     */
    public ReverseProxyBuilder balancer(LoadBalancer value) {
        balancer = value;
        return this;
    }

    /**
     * Sets several balancers instead of {@link #balancer}, for example for a canary. {@link ReverseProxy#split} changes
     * the weights later.
     *
     * @param by the key that chooses the balancer, so that requests with equal keys go to one balancer. A request
     *     without a key is assigned at random. Each balancer routes by {@link #key}, which may be the same extractor
     */
    public ReverseProxyBuilder split(WeightedSplit value, KeyExtractor by) {
        split = value;
        splitBy = by;
        return this;
    }

    /**
     * Sets the queue for requests that find every server at its limit. Without a queue, the default, such requests get
     * 503 at once. The queue must belong to the balancer of the proxy. The caller closes it.
     */
    public ReverseProxyBuilder queue(WaitQueue value) {
        queue = value;
        return this;
    }

    /** Sets the key that requests are routed by; the request id by default. */
    public ReverseProxyBuilder key(KeyExtractor value) {
        key = value;
        return this;
    }

    /**
     * Adds a path that the proxy answers itself.
     *
     * @param path the raw path, compared byte for byte with the part of the target before {@code ?}; nothing is decoded
     * @param maxBody the maximum length of the body that the handler receives, in bytes, 0 to 64 MiB; the rest is cut
     *     off
     */
    public ReverseProxyBuilder route(String path, int maxBody, LocalHandler handler) {
        LocalRoutes.add(path, Route.whole(maxBody, handler), routes);
        return this;
    }

    /**
     * Adds a path that the proxy answers with a streamed body, which may have no end. Bodies of its requests are
     * dropped.
     */
    public ReverseProxyBuilder stream(String path, StreamHandler handler) {
        LocalRoutes.add(path, new Route(0, handler), routes);
        return this;
    }

    /** Sets the handler of all other paths of a proxy without a balancer; 404 by default. Ignored with a balancer. */
    public ReverseProxyBuilder fallback(int maxBody, LocalHandler handler) {
        fallback = Route.whole(maxBody, handler);
        return this;
    }

    /**
     * Sets a function that may answer a request for a route before its body is read. It runs on the event loops and
     * must not block.
     */
    public ReverseProxyBuilder guard(Function<RequestHead, Optional<LocalResponse>> value) {
        guard = value;
        return this;
    }

    /** Sets the mapper that may replace responses of servers; none by default. */
    public ReverseProxyBuilder mapResponse(ResponseMapper value) {
        mapper = value;
        return this;
    }

    /** Sets the timeouts; {@link Timeouts#DEFAULTS} by default. */
    public ReverseProxyBuilder timeouts(Timeouts value) {
        timeouts = value;
        return this;
    }

    /** Sets the limits of messages and connections; {@link Limits#DEFAULTS} by default. */
    public ReverseProxyBuilder limits(Limits value) {
        limits = value;
        return this;
    }

    /** Sets the number of event loops, 1 to 256; the number of processors by default. */
    public ReverseProxyBuilder loops(int value) {
        loops = within("loops", value, 256);
        return this;
    }

    /**
     * Sets the number of threads that handlers run on, 1 to 1024; 8 by default. Up to 256 requests wait; others get
     * 503.
     */
    public ReverseProxyBuilder handlerThreads(int value) {
        handlerThreads = within("handlerThreads", value, 1024);
        return this;
    }

    /**
     * Sets the statuses, 500 to 999, of a complete response that count as a failure of its server; 502, 503 and 504 by
     * default. The client still receives the response. A 503 with {@code Retry-After} counts as overload, which ejects
     * no server.
     */
    public ReverseProxyBuilder failureStatuses(Set<Integer> value) {
        failureStatuses = FailureStatuses.within("failure status", value, 500);
        return this;
    }

    /**
     * Sets the statuses, 400 to 999, after which a request is sent to another server; none by default. The method must
     * be idempotent, the whole body must be in the replay buffer, and the number of attempts and the retry budget must
     * allow it. If no other server can be tried, the client receives the last response. A response with a body longer
     * than {@link Limits#held} is passed on without a retry.
     */
    public ReverseProxyBuilder retryStatuses(Set<Integer> value) {
        retryStatuses = FailureStatuses.within("retry status", value, 400);
        return this;
    }

    /**
     * Sets the trusted proxies in front of this proxy; none by default. Their {@code Forwarded} and {@code
     * X-Forwarded-…} fields are passed on, and the peer's address is appended to {@code X-Forwarded-For}. These fields
     * are dropped from the requests of all other peers, because any client can write them.
     *
     * <p>The client address, which {@link KeyExtractor#clientIp} and the access log use, is then taken from {@code
     * X-Forwarded-For}: the first address from the right that is not a trusted proxy.
     */
    public ReverseProxyBuilder trustedProxies(List<Cidr> value) {
        trustedProxies = List.copyOf(value);
        return this;
    }

    /**
     * Sets the name of this proxy in {@code Via}; {@code lbkit-} and twelve random digits by default. A request whose
     * {@code Via} already has this name is a loop and gets 508. Proxies in front of each other need different names.
     *
     * @param value a token (RFC 9110 5.6.2)
     */
    public ReverseProxyBuilder pseudonym(String value) {
        pseudonym = Via.checked(value);
        return this;
    }

    /**
     * Sets whether requests get a {@code Via} field (RFC 9110 7.6.3), by which loops are detected; true by default.
     * Responses get no {@code Via} of this proxy, as a gateway may omit it.
     */
    public ReverseProxyBuilder via(boolean value) {
        via = value;
        return this;
    }

    /**
     * Sets whether a client that half-closes its connection before it has its response counts as gone; false by
     * default. Then its request is abandoned, and the connection to its server is closed.
     *
     * <p>By default, such a client receives its response, because it may still read (RFC 9112 9.6). A client that has
     * left looks the same until the response is written. Set this where clients never half-close and abandoned requests
     * are costly. A client that half-closes within a request, or during a {@link #stream}, counts as gone in either
     * case.
     */
    public ReverseProxyBuilder abortOnHalfClose(boolean value) {
        abortOnHalfClose = value;
        return this;
    }

    /**
     * Sets whether each loop has its own listening socket with SO_REUSEPORT; false by default. Then other processes can
     * listen on the same port, and a stop resets connections that wait to be accepted.
     */
    public ReverseProxyBuilder reusePort(boolean value) {
        reusePort = value;
        return this;
    }

    /**
     * Sets whether each request is logged as one line, at INFO, by {@code io.github.lbkit.http.access}; false by
     * default. A thread of the proxy writes the lines. While the logger blocks, up to 4 Mi characters of lines wait.
     * Further lines are dropped, counted ({@link ReverseProxy#droppedLogLines}), and reported when the logger accepts
     * lines again.
     */
    public ReverseProxyBuilder accessLog(boolean value) {
        accessLog = value;
        return this;
    }

    /**
     * Sets the resolver of the host names of servers; {@link NameResolver#system()} by default. The caller closes it
     * after the proxy. A connection to a server tries all addresses of its host within {@link Timeouts#connect}. The
     * next address is tried when an earlier one has failed, or after 250 ms.
     */
    public ReverseProxyBuilder names(NameResolver value) {
        names = value;
        return this;
    }

    /**
     * Sets whether a body with a Content-Length of at most {@link Limits#replay} is collected before a server is
     * picked; true by default. Then a client that sends slowly does not count against the load of a server. Other
     * bodies are passed on as they come.
     */
    public ReverseProxyBuilder requestBuffering(boolean value) {
        requestBuffering = value;
        return this;
    }

    /**
     * Sets the maximum number of bytes that all connections together hold in buffers, 1 MiB to 1 TiB; a quarter of the
     * maximum heap by default. From 80 % on, new requests get 503, and connections that hold bytes are not read until
     * peers have read some of them.
     */
    public ReverseProxyBuilder maxBuffered(long bytes) {
        if (bytes < MIN_BUFFERED || bytes > MAX_BUFFERED) {
            throw new IllegalArgumentException(
                    "maxBuffered " + bytes + " is not within " + MIN_BUFFERED + " to " + MAX_BUFFERED + " bytes");
        }
        maxBuffered = bytes;
        return this;
    }

    /** Sets TLS towards clients; none by default, and then requests come in clear text. */
    public ReverseProxyBuilder tls(ListenerTls value) {
        tls = value;
        return this;
    }

    /** Sets TLS towards servers with the scheme {@code https}; {@link ServerTls#DEFAULTS} by default. */
    public ReverseProxyBuilder serverTls(ServerTls value) {
        serverTls = value;
        return this;
    }

    /**
     * Sets the {@code Strict-Transport-Security} field of responses (RFC 6797), which tells browsers to use only
     * {@code https} for this host; none by default. A server's own field is kept. Needs {@link #tls}.
     *
     * @param maxAge the time for which browsers remember the rule, in whole seconds; zero makes them forget it
     */
    public ReverseProxyBuilder hsts(Duration maxAge) {
        if (maxAge.isNegative() || maxAge.compareTo(MAX_HSTS) > 0) {
            throw new IllegalArgumentException(
                    "hsts " + maxAge + " is not within 0 seconds to " + MAX_HSTS.toDays() + " days");
        }
        hsts = maxAge;
        return this;
    }

    /**
     * Sets the name of a field in which servers receive the subject of the client's verified certificate ({@link
     * RequestHead#clientCertificateSubject}); none by default. A client's own field of this name is always removed, as
     * is one with {@code _} in place of {@code -}.
     */
    public ReverseProxyBuilder clientCertificateHeader(String fieldName) {
        clientCertificateHeader = CertificateField.of(fieldName);
        return this;
    }

    /** Sets the prefix of the names of the threads; {@code lbkit} by default. */
    public ReverseProxyBuilder name(String value) {
        name = value;
        return this;
    }

    /**
     * Starts the proxy.
     *
     * @throws IOException if the address cannot be bound; the message names the address
     * @throws IllegalArgumentException if there are both a balancer and a split, if the queue belongs to another
     *     balancer, if a file of certificates or keys is wrong, or if the address of a known server has another scheme
     *     than {@code http} or {@code https}. A server with another scheme that joins later gets no connection, and is
     *     logged
     */
    public ReverseProxy start() throws IOException {
        if (balancer != null && split != null) {
            throw new IllegalArgumentException("a proxy has a balancer or a split of balancers, not both");
        }
        if (hsts != null && tls == null) {
            throw new IllegalArgumentException("hsts needs tls: browsers ignore the field on plain connections");
        }
        balancers(newRouting()).forEach(ReverseProxyBuilder::requireSupportedSchemes);
        return new ReverseProxy(this);
    }

    private static void requireSupportedSchemes(LoadBalancer over) {
        for (InstanceKey key : InstanceKey.present(over.membership())) {
            if (!key.isSupported()) {
                throw new IllegalArgumentException(key.unsupportedMessage());
            }
        }
    }

    /** Checks that the queue belongs to the balancer. */
    void requireOwnQueue() {
        if (queue != null && queue.balancer() != balancer) {
            throw new IllegalArgumentException("the wait queue is not that of the proxy's balancer");
        }
    }

    InetSocketAddress listenAddress() {
        return listen;
    }

    boolean reusesPort() {
        return reusePort;
    }

    int loops() {
        return loops;
    }

    @Nullable
    ListenerTls listenerTls() {
        return tls;
    }

    ProxyTls newTls() {
        return new ProxyTls(tls, serverTls, name);
    }

    HandlerThreads newHandlerThreads() {
        return new HandlerThreads(name, handlerThreads);
    }

    AccessLog newAccessLog() {
        return new AccessLog(accessLog, name, System::nanoTime);
    }

    ConnectionCaps newConnectionCaps() {
        return new ConnectionCaps(limits.connectionsPerServer());
    }

    BufferBudget newBufferBudget() {
        long byDefault = Runtime.getRuntime().maxMemory() / DEFAULT_BUFFERED_DIVISOR;
        return new BufferBudget(maxBuffered > 0 ? maxBuffered : byDefault);
    }

    /** Returns the limit of client connections, lowered to the limit of open files. */
    ConnectionLimit newClientLimit() {
        OpenFiles files = OpenFiles.now();
        int wanted = limits.clientConnections();
        int possible = files.clients(wanted);
        boolean isDefault = wanted == Limits.DEFAULTS.clientConnections();
        if (possible < (isDefault ? wanted / 2 : wanted)) { // a lowered default is logged only if it is low
            LOG.info(
                    "proxy {}: at most {} connections of clients instead of {}, because the process may open {} files",
                    name,
                    possible,
                    wanted,
                    files.limit());
        }
        return new ConnectionLimit(possible);
    }

    @Nullable
    Routing newRouting() {
        return split == null ? null : new Routing(split, splitBy, key);
    }

    Set<LoadBalancer> balancers(@Nullable Routing routing) {
        return balancer != null ? Set.of(balancer) : routing != null ? routing.balancers() : Set.of();
    }

    EventLoop newEventLoop(int number, BufferBudget buffers) throws IOException {
        return new EventLoop(name + "-loop-" + number, System::nanoTime, buffers);
    }

    UpstreamPool newUpstreamPool(EventLoop loop, ProxyTls proxyTls, ConnectionCaps caps, UpstreamPool.Reclaim reclaim) {
        return new UpstreamPool(
                loop,
                proxyTls.transports(loop),
                caps,
                names,
                UpstreamOptions.of(timeouts, serverTls, limits, loops),
                reclaim);
    }

    ProxySettings newSettings(
            @Nullable Routing routing,
            HandlerThreads handlers,
            AccessLog accessLog,
            HandshakeLog handshakes,
            ProxyTls proxyTls) {
        TimeoutNanos nanos = TimeoutNanos.of(timeouts);
        return new ProxySettings(
                forwarding(routing, nanos),
                new LocalSettings(new LocalRoutes(routes), fallback, guard, handlers),
                new Http1Settings(
                        new TrustedProxies(trustedProxies), newVia(), abortOnHalfClose, nanos, limits, security()),
                new ExchangeLogs(
                        accessLog, new RefusalLog(System::nanoTime), new FailureLog(System::nanoTime), handshakes),
                proxyTls);
    }

    private Http1Security security() {
        long handshakeNanos = tls == null ? 0 : tls.handshakeTimeout().toNanos();
        return new Http1Security(handshakeNanos, hsts == null ? -1 : hsts.toSeconds(), clientCertificateHeader);
    }

    private @Nullable ForwardingSettings forwarding(@Nullable Routing routing, TimeoutNanos nanos) {
        CallSource calls = calls(routing);
        return calls == null
                ? null
                : new ForwardingSettings(
                        calls,
                        queue,
                        new FailureStatuses(failureStatuses),
                        retryStatuses,
                        mapper,
                        requestBuffering,
                        nanos,
                        limits);
    }

    private @Nullable CallSource calls(@Nullable Routing routing) {
        LoadBalancer only = balancer;
        KeyExtractor by = key;
        return only == null ? routing : head -> only.call(by.key(head));
    }

    private Via newVia() {
        if (!via) {
            return Via.NONE;
        }
        String made = String.format("lbkit-%012x", new SecureRandom().nextLong() & 0xffff_ffff_ffffL);
        return Via.of(pseudonym == null ? made : pseudonym);
    }

    private static int within(String name, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(name + " " + value + " is not within 1 to " + max);
        }
        return value;
    }
}
