package io.github.lbkit.examples.serve;

import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.Policy;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.pool.supervised.RollingPool;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.api.runtime.Scheduler;
import io.github.lbkit.examples.condition.ServerConditions;
import io.github.lbkit.examples.dashboard.Dashboard;
import io.github.lbkit.examples.metrics.BalancerMetrics;
import io.github.lbkit.examples.secret.TokenFile;
import io.github.lbkit.examples.serve.endpoint.admin.AdminEndpoints;
import io.github.lbkit.examples.serve.endpoint.admin.HealthEndpoints;
import io.github.lbkit.examples.serve.endpoint.admin.ViewEndpoints;
import io.github.lbkit.examples.serve.endpoint.reserved.RequestCounts;
import io.github.lbkit.examples.serve.endpoint.reserved.ReservedEndpoints;
import io.github.lbkit.examples.serve.settings.ListenAddress;
import io.github.lbkit.examples.serve.settings.ServeSettings;
import io.github.lbkit.examples.serve.settings.SocketPlace;
import io.github.lbkit.http.ReverseProxy;
import io.github.lbkit.http.StopReport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The runnable balancer: a pool, a policy, the load balancer over both, and two listeners. It closes everything that it
 * opens, in the opposite order. Thread-safe once started.
 */
public final class Balancer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Balancer.class);
    private static final Duration LOOP_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration ADMIN_STOP = Duration.ofSeconds(1);

    private final ServeSettings settings;
    private final StopSequence stops = new StopSequence();
    private final ServerConditions conditions = new ServerConditions();
    private final LaunchFailures launchFailures = new LaunchFailures();
    private final LoadBalancer loadBalancer;
    private final HealthEndpoints health;
    private final ReverseProxy traffic;
    private final Optional<ReverseProxy> admin;
    private final Optional<ReverseProxy> redirect;

    /** The listeners that have started. Written by the thread that starts, read by the health endpoints. */
    private final List<ReverseProxy> listeners = new CopyOnWriteArrayList<>();

    /** The outcome of the stop of the traffic listener. Written and read by the thread that stops. */
    private volatile StopReport stopped = new StopReport(0, 0);

    /**
     * The time at which the stop began, on the nanosecond clock; 0 before. Written and read by the thread that stops.
     */
    private long stopBegan;

    /** Starts a balancer without further event listeners; see {@link #start(ServeSettings, List)}. */
    public static Balancer start(ServeSettings settings) throws IOException {
        return start(settings, List.of());
    }

    /**
     * Checks every setting, then opens everything. Servers may still be starting when this method returns.
     *
     * @param eventListeners get the events of the load balancer from the start
     * @throws IllegalArgumentException if a setting is not allowed; nothing has been started then
     * @throws IOException if a listener or the state directory cannot be opened; everything that was started is stopped
     */
    public static Balancer start(ServeSettings settings, List<LoadBalancerListener> eventListeners) throws IOException {
        settings.check();
        Optional<TokenFile> token = settings.adminToken();
        settings.requireFreeListeners();
        return new Balancer(settings, token, eventListeners);
    }

    private Balancer(ServeSettings settings, Optional<TokenFile> token, List<LoadBalancerListener> eventListeners)
            throws IOException {
        this.settings = settings;
        Optional<ListenAddress> adminListen = settings.adminAddress();
        stops.addLast(this::logEnd);
        try {
            token.ifPresent(this::follow);
            Policy policy = settings.policy();
            LoadBalancerStarter starter = new LoadBalancerStarter(settings, stops);
            ServerPool pool = starter.openPool(policy, launchFailures); // first, as servers take the longest to start
            Optional<BalancerMetrics> metrics = adminListen.map(address -> new BalancerMetrics());
            Optional<Dashboard> dashboard =
                    adminListen.map(address -> new Dashboard(Runtimes.system(), settings.secrets()));
            metrics.ifPresent(shown -> stops.addLast(shown::close));
            dashboard.ifPresent(shown -> stops.addLast(shown::close));
            RequestCounts counts = new RequestCounts();
            List<LoadBalancerListener> all = new ArrayList<>(List.of(counts, conditions));
            all.addAll(eventListeners);
            metrics.ifPresent(shown -> all.add(shown.listener()));
            dashboard.ifPresent(shown -> all.add(shown.listener()));
            loadBalancer = starter.build(pool, policy, all);
            metrics.ifPresent(shown -> shown.show(loadBalancer));
            dashboard.ifPresent(shown -> shown.show(loadBalancer));
            ReservedEndpoints reserved =
                    new ReservedEndpoints(loadBalancer, counts, settings.secrets(), Runtimes.system());
            stops.addLast(reserved::close);
            health = new HealthEndpoints(loadBalancer, conditions, this::stalledLoops, stops::hasBegun);
            ListenerStarter listenerStarter = new ListenerStarter(settings, token, stops);
            // the admin listener stops last, so that operators can watch the stop
            if (adminListen.isPresent()) {
                ViewEndpoints views = new ViewEndpoints(metrics.orElseThrow(), dashboard.orElseThrow());
                AdminEndpoints endpoints = new AdminEndpoints(loadBalancer, settings, conditions, health, views);
                ReverseProxy started = listenerStarter.startAdmin(adminListen.get(), endpoints, views, reserved);
                started("admin", started, metrics);
                if (!settings.sharesAdminPort()) {
                    stops.addLast(() -> stop(started, ADMIN_STOP));
                }
                admin = Optional.of(started);
            } else {
                admin = Optional.empty();
            }
            if (settings.listenAddress().isShared()) {
                awaitPool(); // another process may accept meanwhile, or connections wait
            }
            traffic = listenerStarter.startTraffic(loadBalancer, reserved);
            started("traffic", traffic, metrics);
            Optional<ListenAddress> plain = settings.https().redirectAddress(settings.listenAddress());
            if (plain.isPresent()) {
                ReverseProxy redirecting = listenerStarter.startRedirect(
                        plain.get(), traffic.address().getPort());
                started("redirect", redirecting, metrics);
                stops.add(() -> {
                    StopReport unused = stop(redirecting, ADMIN_STOP);
                });
                redirect = Optional.of(redirecting);
            } else {
                redirect = Optional.empty();
            }
            ReverseProxy stopping = traffic;
            stops.add(() -> stopped = stop(stopping, settings.timeouts().stop()));
            if (settings.sharesAdminPort()) { // the next process answers operators while this one finishes its requests
                admin.ifPresent(shown -> stops.add(() -> stop(shown, ADMIN_STOP)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stops.run();
            throw new IOException("the start was interrupted", e);
        } catch (IOException | RuntimeException e) {
            stops.run();
            throw e;
        }
    }

    private void started(String name, ReverseProxy listener, Optional<BalancerMetrics> metrics) {
        metrics.ifPresent(shown -> shown.show(name, listener));
        listeners.add(listener);
    }

    private void follow(TokenFile file) {
        Scheduler scheduler = Runtimes.system().scheduler("admin-token");
        stops.addLast(scheduler::close);
        file.follow(scheduler);
    }

    /** The IP address of the traffic listener. */
    public InetSocketAddress address() {
        return traffic.address();
    }

    /** The address of the traffic listener: an IP address or a Unix domain socket. */
    public SocketAddress socketAddress() {
        return traffic.socketAddress();
    }

    /** The address of the admin listener: an IP address or a Unix domain socket; empty if there is none. */
    public Optional<SocketAddress> adminSocketAddress() {
        return admin.map(ReverseProxy::socketAddress);
    }

    /** The IP address of the admin listener; empty if there is none. */
    public Optional<InetSocketAddress> adminAddress() {
        return admin.map(ReverseProxy::address);
    }

    /** The address whose clients are redirected to https; empty if there is none. */
    public Optional<InetSocketAddress> redirectAddress() {
        return redirect.map(ReverseProxy::address);
    }

    /** The URL of the traffic listener, or {@code unix:/path}. */
    public String url() {
        return SocketPlace.of(traffic.isSecure() ? "https" : "http", socketAddress());
    }

    /** The load balancer between the pool and the listeners. */
    public LoadBalancer loadBalancer() {
        return loadBalancer;
    }

    /**
     * Waits until each server is ready or has failed once. Returns the ready line, which counts the ready servers.
     *
     * @throws IllegalStateException if the pool refuses its configuration
     * @throws NothingStartedException if this balancer starts the servers and not one of them could be started; the
     *     pool retries the launches until the balancer is closed
     */
    public String awaitReady() throws InterruptedException {
        awaitPool();
        long ready = loadBalancer.pool().membership().servers().stream()
                .filter(s -> s.state() == Server.State.READY)
                .count();
        if (ready == 0
                && loadBalancer.pool() instanceof RollingPool launching
                && !launching.desired().isEmpty()
                && launchFailures.awaitAny()) {
            throw new NothingStartedException(launching.desired().size(), poolKind(), launchFailures.summary());
        }
        return "lbkit ready on " + url()
                + redirectAddress().map(a -> ", redirects " + SocketPlace.of(a)).orElse("")
                + adminSocketAddress().map(a -> ", admin " + SocketPlace.of(a)).orElse("") + " (" + ready
                + (ready == 1 ? " server" : " servers") + ", pool " + poolKind() + ", policy "
                + settings.policyOptions().name()
                + ")";
    }

    private String poolKind() {
        String pool = settings.pool().given();
        int colon = pool.indexOf(':');
        return colon < 0 ? pool : pool.substring(0, colon);
    }

    /** Waits until the pool knows for each server whether it is ready. */
    private void awaitPool() throws InterruptedException {
        try {
            loadBalancer.pool().ready().toCompletableFuture().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IllegalStateException refused) {
                throw refused;
            }
            LOG.error("the pool was closed before it was ready", e.getCause());
        }
    }

    /** Waits until the balancer has stopped. */
    public void awaitClosed() throws InterruptedException {
        stops.awaitEnd();
    }

    /** Returns whether a stop has begun. */
    boolean isStopping() {
        return stops.hasBegun();
    }

    /** Returns how many servers are fit, in words. */
    String summary() {
        return health.summary();
    }

    /** Returns the reason for each stalled event loop, by the name of the loop; empty if no loop is stalled. */
    Map<String, String> stalledLoops() throws InterruptedException {
        Map<String, String> stalled = new TreeMap<>();
        for (ReverseProxy proxy : listeners) {
            stalled.putAll(proxy.stalledLoops(LOOP_TIMEOUT));
        }
        return stalled;
    }

    /**
     * Stops the balancer. {@code /ready} fails at once. After {@code --drain-delay}, the traffic listener stops
     * accepting connections and finishes its requests. Then the servers stop, and the admin listener stops last. A
     * further call waits for the end of the first one.
     */
    @Override
    public void close() {
        if (!stops.begin()) {
            stops.awaitEndUninterruptibly();
            return;
        }
        Duration delay = settings.stopping().drainDelay();
        stopBegan = System.nanoTime();
        log(
                "stop-begun",
                "stop begun with {} requests in flight: /ready fails, the traffic listener accepts connections for {}"
                        + " ms more, then requests have {} ms",
                traffic.inFlight(),
                delay.toMillis(),
                settings.timeouts().stop().toMillis());
        stops.delay(delay);
        stops.run();
    }

    /** Logs the end of a stop. A failed start does not log this line. */
    private void logEnd() {
        if (stops.hasBegun()) {
            log(
                    "stop-ended",
                    "stop ended after {} ms: {} requests were finished, {} were cut; servers that were started are {}",
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - stopBegan),
                    stopped.finished(),
                    stopped.cut(),
                    settings.pool().keepsServers() ? "kept" : "stopped");
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
     * Stops at once: cuts the requests in progress and continues as {@link #close} does, which another thread may have
     * called. After the given time, the rest of the stop is abandoned, and the started processes are killed unless they
     * are kept.
     */
    void closeNow(Duration within) {
        stops.skipDelay();
        listeners.forEach(proxy -> proxy.stop(Duration.ZERO));
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
        LOG.warn("the stop was abandoned after {} ms", within.toMillis());
        if (!settings.pool().keepsServers()) {
            ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static StopReport stop(ReverseProxy proxy, Duration within) {
        StopReport report = proxy.stop(within).toCompletableFuture().join();
        proxy.close();
        return report;
    }
}
