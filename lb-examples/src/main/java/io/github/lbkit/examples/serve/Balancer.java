package io.github.lbkit.examples.serve;

import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.Policy;
import io.github.lbkit.api.PoolContext;
import io.github.lbkit.api.Runtimes;
import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.WaitQueue;
import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.health.Probe;
import io.github.lbkit.api.health.RetryBudget;
import io.github.lbkit.api.health.TcpProbe;
import io.github.lbkit.api.pool.ServerPools;
import io.github.lbkit.api.pool.supervised.RollingPool;
import io.github.lbkit.examples.dashboard.Dashboard;
import io.github.lbkit.examples.metrics.BalancerMetrics;
import io.github.lbkit.examples.secret.TokenFile;
import io.github.lbkit.examples.serve.endpoint.AdminEndpoints;
import io.github.lbkit.examples.serve.endpoint.AdminLog;
import io.github.lbkit.examples.serve.endpoint.BrowserGuard;
import io.github.lbkit.examples.serve.endpoint.Fitnesses;
import io.github.lbkit.examples.serve.endpoint.HealthEndpoints;
import io.github.lbkit.examples.serve.endpoint.ObjectBody;
import io.github.lbkit.examples.serve.endpoint.RequestCounts;
import io.github.lbkit.examples.serve.endpoint.RolloutEndpoint;
import io.github.lbkit.examples.serve.endpoint.SeedEndpoints;
import io.github.lbkit.examples.serve.endpoint.TokenGuard;
import io.github.lbkit.examples.serve.endpoint.UnknownPathMapper;
import io.github.lbkit.examples.serve.endpoint.ViewEndpoints;
import io.github.lbkit.http.HttpProbe;
import io.github.lbkit.http.Limits;
import io.github.lbkit.http.LocalHandler;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.RequestHead;
import io.github.lbkit.http.ReverseProxy;
import io.github.lbkit.http.StopReport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The whole machine: a pool, a policy, the balancer between them, and two listeners in front. Everything that is opened
 * here is closed here, in the opposite order. Thread-safe once started.
 */
public final class Balancer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Balancer.class);
    private static final int OVERRIDE_BODY = 4 << 10;
    private static final Set<String> PROBED = Set.of("/health", "/ready");
    private static final Set<Integer> FAILURES = Set.of(500, 502, 503, 504);
    private static final Duration HEALTH_TIMEOUT = Duration.ofSeconds(1);
    private static final int ADMIN_CLIENTS = 64;
    private static final Duration LOOP_TURNS = Duration.ofSeconds(1);
    private static final Duration ADMIN_STOP = Duration.ofSeconds(1);

    private final ServeSettings settings;
    private final Optional<TokenFile> token;
    private final StopSequence stops = new StopSequence();
    private final Fitnesses fitnesses = new Fitnesses();
    private final LaunchFailures launchFailures = new LaunchFailures();

    /** What is shown to operators; absent where there is no listener to show it on. */
    private final Optional<BalancerMetrics> metrics;

    private final Optional<Dashboard> dashboard;
    private final LoadBalancer loadBalancer;
    private final ReverseProxy traffic;

    private final HealthEndpoints health;

    /** Both listeners, as far as they have started; written at the start, read by the health endpoints. */
    private final List<ReverseProxy> listening = new CopyOnWriteArrayList<>();

    /** The outcome of the stop of the traffic listener; written by the thread that stops. */
    private volatile StopReport stopped = new StopReport(0, 0);

    /** When the stop began; has a meaning once it has. Written by the thread that stops, which reads it too. */
    private long stopBegan;

    private final Optional<ReverseProxy> admin;

    /** {@link #start(ServeSettings, List)} without further listeners. */
    public static Balancer start(ServeSettings settings) throws IOException {
        return start(settings, List.of());
    }

    /**
     * Checks every setting, then opens everything; servers may still be starting when this returns.
     *
     * @param listeners follow everything that happens, from the start
     * @throws IllegalArgumentException if a setting is wrong: nothing was started then
     * @throws IOException if a listener or the state directory cannot be had: what was started is stopped again
     */
    public static Balancer start(ServeSettings settings, List<LoadBalancerListener> listeners) throws IOException {
        settings.check();
        Optional<TokenFile> token = settings.adminToken();
        requireFree(settings.listenAddress().resolve("--listen"));
        if (settings.adminAddress().isPresent()) {
            requireFree(settings.adminAddress().get().resolve("--admin"));
        }
        return new Balancer(settings, token, listeners);
    }

    private Balancer(ServeSettings settings, Optional<TokenFile> token, List<LoadBalancerListener> listeners)
            throws IOException {
        this.settings = settings;
        this.token = token;
        Optional<ListenAddress> adminListen = settings.adminAddress();
        stops.addLast(this::logEnd);
        try {
            token.ifPresent(this::follow);
            Policy policy = settings.makePolicy();
            ServerPool pool = openPool(policy); // first: servers take longer to start than all that follows
            metrics = adminListen.map(address -> new BalancerMetrics());
            dashboard = adminListen.map(address -> new Dashboard(Runtimes.system(), settings.secrets()));
            metrics.ifPresent(shown -> stops.addLast(shown::close));
            dashboard.ifPresent(shown -> stops.addLast(shown::close));
            RequestCounts counts = new RequestCounts();
            loadBalancer = loadBalancer(pool, policy, counts, listeners);
            SeedEndpoints seed = new SeedEndpoints(loadBalancer, counts, settings.secrets(), Runtimes.system());
            stops.addLast(seed::close);
            health = new HealthEndpoints(loadBalancer, fitnesses, this::stalledLoops, stops::hasBegun);
            // stopped last: operators can look at what a stop waits for
            admin = adminListen.isPresent() ? Optional.of(startAdmin(adminListen.get(), seed)) : Optional.empty();
            traffic = startTraffic(seed);
        } catch (IOException | RuntimeException e) {
            stops.run();
            throw e;
        }
    }

    private ServerPool openPool(Policy policy) throws IOException {
        PoolContext context = new PoolContext(settings.poolName(), Runtimes.system(), settings.stateDirectory())
                .withAdmission(policy::picker);
        try {
            ServerPool pool = openPool(policy, context);
            var unused = pool.subscribe(launchFailures);
            return pool;
        } catch (IllegalStateException owned) { // the pool's name is in its message
            throw new IllegalStateException(
                    owned.getMessage() + " (--pool-name sets the name of the pool, --state-dir the directory)", owned);
        }
    }

    private ServerPool openPool(Policy policy, PoolContext context) throws IOException {
        if (!settings.demoServers()) {
            ServerPool pool = ServerPools.installed().open(settings.poolUri(), context);
            stops.add(pool::close);
            return pool;
        }
        DemoPool.Opened demo = DemoPool.open(context, settings, policy);
        stops.add(() -> demo.needs().close());
        stops.add(demo.pool()::close);
        return demo.pool();
    }

    private LoadBalancer loadBalancer(
            ServerPool pool, Policy policy, RequestCounts counts, List<LoadBalancerListener> listeners) {
        LoadBalancer.Builder builder = LoadBalancer.builder(pool, policy)
                .maxAttempts(settings.maxAttempts())
                .listener(counts)
                .listener(fitnesses)
                .ejection(Ejection.DEFAULTS)
                .retryBudget(new RetryBudget(0.2, 10));
        listeners.forEach(builder::listener);
        settings.overload.maxInFlightPerServer().ifPresent(builder::maxInFlightPerServer);
        settings.overload.maxInFlightOfPool().ifPresent(builder::maxInFlight);
        settings.overload.loadFactor().ifPresent(builder::loadFactor);
        settings.healthPath().ifPresent(path -> builder.healthChecks(healthChecks(path)));
        metrics.ifPresent(shown -> builder.listener(shown.listener()));
        dashboard.ifPresent(shown -> builder.listener(shown.listener()));
        LoadBalancer balancer = builder.build();
        stops.add(balancer::close);
        metrics.ifPresent(shown -> shown.show(balancer));
        dashboard.ifPresent(shown -> shown.show(balancer));
        return balancer;
    }

    private HealthChecks healthChecks(String path) {
        return HealthChecks.builder(probe(path))
                .interval(settings.healthInterval())
                .failingInterval(settings.healthInterval())
                .timeout(HEALTH_TIMEOUT)
                .fall(2)
                .build();
    }

    /** Demo servers are asked by the lighter probe, which starts faster; others by the one that knows all of HTTP. */
    private Probe probe(String path) {
        if (settings.demoServers()) {
            TcpProbe light = TcpProbe.http(Runtimes.system(), path);
            stops.add(light::close);
            return light;
        }
        HttpProbe full = HttpProbe.path(path).build(Runtimes.system());
        stops.add(full::close);
        return full;
    }

    private ReverseProxy startTraffic(SeedEndpoints seed) throws IOException {
        ListenAddress listen = settings.listenAddress();
        AdminLog log = new AdminLog("traffic", System::nanoTime);
        ReverseProxy.Builder builder = ReverseProxy.builder()
                .name("traffic")
                .listen(listen.resolve("--listen"))
                .balancer(loadBalancer)
                .key(settings.keyExtractor())
                .guard(log.overGuard(guard(listen, path -> true)))
                .timeouts(settings.timeouts.ofRequests())
                .limits(settings.limits.limits().withClientConnections(settings.maxClients()))
                .failureStatuses(FAILURES)
                .retryStatuses(settings.overload.retryStatuses())
                .accessLog(settings.accessLog);
        settings.peers.applyTo(builder);
        settings.loops().ifPresent(builder::loops);
        settings.buffers.applyTo(builder);
        settings.overload.waiting().ifPresent(waiting -> {
            WaitQueue queue = new WaitQueue(loadBalancer, waiting);
            stops.add(queue::close);
            builder.queue(queue);
        });
        if (settings.reservesPaths()) {
            routes(builder, log, seed.handlers(), ObjectBody.MAX_BYTES);
        }
        if (settings.mapsUnknownPaths()) {
            builder.mapResponse(new UnknownPathMapper());
        }
        ReverseProxy proxy = builder.start();
        metrics.ifPresent(shown -> shown.show("traffic", proxy));
        listening.add(proxy);
        stops.add(() -> stopped = stop(proxy, settings.timeouts.stop()));
        return proxy;
    }

    private ReverseProxy startAdmin(ListenAddress listen, SeedEndpoints seed) throws IOException {
        AdminLog log = new AdminLog("admin", System::nanoTime);
        AdminEndpoints endpoints = new AdminEndpoints(loadBalancer, shownSettings(), fitnesses, settings.secrets());
        ViewEndpoints views = new ViewEndpoints(metrics.orElseThrow(), dashboard.orElseThrow());
        Map<String, LocalHandler> handlers = new TreeMap<>(endpoints.handlers());
        handlers.putAll(views.handlers());
        handlers.putAll(health.handlers());
        Set<String> paths = new TreeSet<>(handlers.keySet());
        paths.addAll(seed.handlers().keySet());
        paths.add(ViewEndpoints.EVENTS);
        paths.add(RolloutEndpoint.PATH);
        RolloutEndpoint rollout =
                new RolloutEndpoint(loadBalancer.pool(), settings.adminTokenFile.isPresent(), settings.secrets());
        ReverseProxy.Builder builder = ReverseProxy.builder()
                .name("admin")
                .listen(listen.resolve("--admin"))
                .loops(1)
                .limits(Limits.DEFAULTS.withClientConnections(ADMIN_CLIENTS))
                .guard(log.overGuard(guard(listen, this::isOpenToReaders)))
                .stream(ViewEndpoints.EVENTS, views::events)
                .fallback(OVERRIDE_BODY, log.over(endpoints.fallback(paths)));
        routes(builder, log, seed.handlers(), ObjectBody.MAX_BYTES);
        routes(builder, log, handlers, 0);
        builder.route(RolloutEndpoint.PATH, ObjectBody.MAX_BYTES, log.over(rollout.handler()));
        ReverseProxy proxy = builder.start();
        metrics.ifPresent(shown -> shown.show("admin", proxy));
        listening.add(proxy);
        stops.addLast(() -> stop(proxy, ADMIN_STOP));
        return proxy;
    }

    private static void routes(
            ReverseProxy.Builder builder, AdminLog log, Map<String, LocalHandler> handlers, int maxBody) {
        handlers.forEach((path, handler) -> builder.route(path, maxBody, log.over(handler)));
    }

    private Function<RequestHead, Optional<LocalResponse>> guard(
            ListenAddress listen, Predicate<String> openToReaders) {
        BrowserGuard browsers = new BrowserGuard(listen.host(), settings.hostNames);
        Optional<TokenGuard> bearers = token.map(file -> new TokenGuard(file, openToReaders));
        return head -> browsers.apply(head).or(() -> bearers.flatMap(guard -> guard.apply(head)));
    }

    /** Probes of an orchestrator have no token, and the dashboard's files are needed to type one in. */
    private boolean isOpenToReaders(String path) {
        return settings.access.openReads || PROBED.contains(path) || ViewEndpoints.FILES.contains(path);
    }

    private void follow(TokenFile file) {
        Scheduler scheduler = Runtimes.system().scheduler("admin-token");
        stops.addLast(scheduler::close);
        file.follow(scheduler);
    }

    private Map<String, String> shownSettings() {
        Map<String, String> shown = new TreeMap<>();
        shown.put("pool", settings.pool);
        shown.put("policy", settings.policy.name());
        settings.policy.options().forEach((name, value) -> shown.put("policy-option " + name, value));
        shown.put("key", settings.key);
        shown.put("max-servers", String.valueOf(settings.maxServers()));
        shown.put("max-attempts", String.valueOf(settings.maxAttempts()));
        return shown;
    }

    /** Where clients connect. */
    public InetSocketAddress address() {
        return traffic.address();
    }

    /** Where operators connect, if they can. */
    public Optional<InetSocketAddress> adminAddress() {
        return admin.map(ReverseProxy::address);
    }

    /** The balancer between the pool and the listeners. */
    public LoadBalancer loadBalancer() {
        return loadBalancer;
    }

    /**
     * Waits until the servers are ready or have failed once; says what there is then, in one line.
     *
     * @throws IllegalStateException if the pool refuses what it is configured with
     * @throws NothingStartedException if this balancer starts the servers and not one could be started; they are still
     *     tried again until the balancer is closed
     */
    public String awaitReady() throws InterruptedException {
        try {
            loadBalancer.pool().ready().toCompletableFuture().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IllegalStateException refused) {
                throw refused;
            }
            LOG.error("the pool was closed before it was ready", e.getCause());
        }
        long ready = loadBalancer.pool().membership().servers().stream()
                .filter(s -> s.state() == Server.State.READY)
                .count();
        if (ready == 0
                && loadBalancer.pool() instanceof RollingPool launching
                && !launching.desired().isEmpty()
                && launchFailures.awaitAny()) {
            throw new NothingStartedException(launching.desired().size(), poolKind(), launchFailures.told());
        }
        return "lbkit ready on " + url(address())
                + adminAddress().map(a -> ", admin " + url(a)).orElse("") + " (" + ready
                + (ready == 1 ? " server" : " servers") + ", pool " + poolKind() + ", policy " + settings.policy.name()
                + ")";
    }

    private String poolKind() {
        int colon = settings.pool.indexOf(':');
        return colon < 0 ? settings.pool : settings.pool.substring(0, colon);
    }

    private static String url(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return "http://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    /** Waits until the balancer has stopped. */
    public void awaitClosed() throws InterruptedException {
        stops.awaitEnd();
    }

    /** Returns whether a stop has begun. */
    boolean isStopping() {
        return stops.hasBegun();
    }

    /** Returns how well the balancer serves, in words. */
    String summary() {
        return health.summary();
    }

    /** Returns why an event loop does not turn, by its name; empty while all turn. */
    Map<String, String> stalledLoops() throws InterruptedException {
        Map<String, String> stalled = new TreeMap<>();
        for (ReverseProxy proxy : listening) {
            stalled.putAll(proxy.stalledLoops(LOOP_TURNS));
        }
        return stalled;
    }

    /**
     * Stops: {@code /ready} fails from now on, and after {@code --drain-delay} the traffic listener stops accepting, lets requests
     * finish, then stops what was started; the admin listener stops last. Again: waits for the end.
     */
    @Override
    public void close() {
        if (!stops.begin()) {
            stops.awaitEndUninterruptibly();
            return;
        }
        Duration delay = settings.stopping.drainDelay();
        stopBegan = System.nanoTime();
        log(
                "stop-begun",
                "stop begun with {} requests in flight: /ready fails, the traffic listener accepts connections for {}"
                        + " ms more, then requests have {} ms",
                traffic.inFlight(),
                delay.toMillis(),
                settings.timeouts.stop().toMillis());
        stops.delay(delay);
        stops.run();
    }

    /** Logs the end of a stop; a start that failed ends without this line. */
    private void logEnd() {
        if (stops.hasBegun()) {
            log(
                    "stop-ended",
                    "stop ended after {} ms: {} requests were finished, {} were cut; servers that were started are {}",
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - stopBegan),
                    stopped.finished(),
                    stopped.cut(),
                    settings.keepServers() ? "kept" : "stopped");
        }
    }

    private static void log(String event, String message, Object... args) {
        LoggingEventBuilder line = LOG.atInfo().addKeyValue("event", event);
        for (Object arg : args) {
            line = line.addArgument(arg);
        }
        line.log(message);
    }

    /**
     * Stops at once: cuts requests in progress and goes on as {@link #close} does, which another thread may have begun. What
     * is left after this time is abandoned; processes that were started are killed then, unless they are to be kept.
     */
    void closeNow(Duration within) {
        stops.skipDelay();
        listening.forEach(proxy -> proxy.stop(Duration.ZERO));
        Thread closer = new Thread(this::close, "lbkit-close");
        closer.setDaemon(true);
        closer.start();
        try {
            if (stops.awaitEnd(within)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LOG.warn("not everything was stopped within {} ms", within.toMillis());
        if (!settings.keepServers()) {
            ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static StopReport stop(ReverseProxy proxy, Duration within) {
        StopReport report = proxy.stop(within).toCompletableFuture().join();
        proxy.close();
        return report;
    }

    /** A port that is taken is found before any server is started. */
    private static void requireFree(InetSocketAddress address) throws IOException {
        if (address.getPort() != 0) {
            try (ServerSocket probe = new ServerSocket()) {
                probe.setReuseAddress(true);
                probe.bind(address);
            } catch (IOException e) {
                throw new IOException("cannot listen on " + url(address) + ": " + e.getMessage(), e);
            }
        }
    }
}
