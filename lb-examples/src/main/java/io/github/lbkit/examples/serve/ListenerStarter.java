package io.github.lbkit.examples.serve;

import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.WaitQueue;
import io.github.lbkit.examples.secret.TokenFile;
import io.github.lbkit.examples.serve.endpoint.AdminLog;
import io.github.lbkit.examples.serve.endpoint.BrowserGuard;
import io.github.lbkit.examples.serve.endpoint.ObjectBody;
import io.github.lbkit.examples.serve.endpoint.TokenGuard;
import io.github.lbkit.examples.serve.endpoint.admin.AdminEndpoints;
import io.github.lbkit.examples.serve.endpoint.admin.RolloutEndpoint;
import io.github.lbkit.examples.serve.endpoint.admin.ViewEndpoints;
import io.github.lbkit.examples.serve.endpoint.reserved.ReservedEndpoints;
import io.github.lbkit.examples.serve.endpoint.reserved.UnknownPathMapper;
import io.github.lbkit.examples.serve.settings.ListenAddress;
import io.github.lbkit.examples.serve.settings.ServeSettings;
import io.github.lbkit.http.HttpsRedirect;
import io.github.lbkit.http.Limits;
import io.github.lbkit.http.LocalHandler;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.RequestHead;
import io.github.lbkit.http.ReverseProxy;
import io.github.lbkit.http.ReverseProxyBuilder;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** Starts the traffic listener and the admin listener, as the settings say. Confined to the thread that starts. */
final class ListenerStarter {
    private static final int MAX_OVERRIDE_BODY = 4 << 10;
    private static final int MAX_ADMIN_CLIENTS = 64;
    private static final Set<String> PROBED = Set.of("/health", "/ready");
    private static final Set<Integer> FAILURES = Set.of(500, 502, 503, 504);

    private final ServeSettings settings;
    private final Optional<TokenFile> token;
    private final StopSequence stops;

    /** Creates a starter; the queue of the traffic listener is added to the stop sequence. */
    ListenerStarter(ServeSettings settings, Optional<TokenFile> token, StopSequence stops) {
        this.settings = settings;
        this.token = token;
        this.stops = stops;
    }

    /** Starts the traffic listener. */
    ReverseProxy startTraffic(LoadBalancer balancer, ReservedEndpoints reserved) throws IOException {
        ListenAddress listen = settings.listenAddress();
        AdminLog log = new AdminLog("traffic", System::nanoTime, Set.of(RolloutEndpoint.PATH));
        ReverseProxyBuilder builder = ReverseProxy.builder()
                .name("traffic")
                .balancer(balancer)
                .key(settings.key().extractor())
                .guard(log.overGuard(guard(listen, path -> true)))
                .timeouts(settings.timeouts().ofRequests())
                .limits(settings.limits().limits().toBuilder()
                        .clientConnections(settings.maxClients())
                        .build())
                .failureStatuses(FAILURES)
                .retryStatuses(settings.overload().retryStatuses())
                .accessLog(settings.accessLog());
        listen.applyTo(builder, "--listen");
        settings.peers().applyTo(builder);
        settings.tls().applyTo(builder);
        settings.https().applyTo(builder);
        settings.serverTls().applyTo(builder);
        settings.upgrades().applyTo(builder);
        settings.loops().ifPresent(builder::loops);
        settings.buffers().applyTo(builder);
        settings.overload().waiting().ifPresent(waiting -> {
            WaitQueue queue = new WaitQueue(balancer, waiting);
            stops.add(queue::close);
            builder.queue(queue);
        });
        if (settings.reservesPaths()) {
            route(builder, log, reserved.handlers(), ObjectBody.MAX_BYTES);
        }
        if (settings.mapsUnknownPaths()) {
            builder.mapResponse(new UnknownPathMapper());
        }
        return builder.start();
    }

    /**
     * Starts the listener that redirects clients to the traffic listener.
     *
     * @param port the port of the traffic listener
     */
    ReverseProxy startRedirect(ListenAddress listen, int port) throws IOException {
        ReverseProxyBuilder builder = ReverseProxy.builder().name("redirect");
        listen.applyTo(builder, "--redirect-http");
        return builder.loops(1)
                .timeouts(settings.timeouts().ofRequests())
                .limits(settings.limits().limits())
                .accessLog(settings.accessLog())
                .fallback(0, HttpsRedirect.toPort(port))
                .start();
    }

    /** Starts the admin listener on this address. */
    ReverseProxy startAdmin(
            ListenAddress listen, AdminEndpoints endpoints, ViewEndpoints views, ReservedEndpoints reserved)
            throws IOException {
        AdminLog log = new AdminLog("admin", System::nanoTime, Set.of(RolloutEndpoint.PATH));
        ReverseProxyBuilder builder = ReverseProxy.builder()
                .name("admin")
                .loops(1)
                .limits(Limits.builder().clientConnections(MAX_ADMIN_CLIENTS).build())
                .guard(log.overGuard(guard(listen, this::isOpenToReaders)))
                .stream(ViewEndpoints.EVENTS, views::events)
                .fallback(
                        MAX_OVERRIDE_BODY,
                        log.over(endpoints.fallback(reserved.handlers().keySet())));
        route(builder, log, reserved.handlers(), ObjectBody.MAX_BYTES);
        listen.applyTo(builder, "--admin");
        builder.reusePort(settings.sharesAdminPort());
        route(builder, log, endpoints.readers(), 0);
        route(builder, log, endpoints.changers(), ObjectBody.MAX_BYTES);
        return builder.start();
    }

    private static void route(
            ReverseProxyBuilder builder, AdminLog log, Map<String, LocalHandler> handlers, int maxBody) {
        handlers.forEach((path, handler) -> builder.route(path, maxBody, log.over(handler)));
    }

    private Function<RequestHead, Optional<LocalResponse>> guard(
            ListenAddress listen, Predicate<String> openToReaders) {
        BrowserGuard browserGuard =
                new BrowserGuard(guarded(listen), settings.access().hostNames());
        Optional<TokenGuard> tokenGuard = token.map(file -> new TokenGuard(file, openToReaders));
        return head -> browserGuard.apply(head).or(() -> tokenGuard.flatMap(guard -> guard.apply(head)));
    }

    /** Returns the host that clients use. Clients of a Unix domain socket use localhost. */
    private static String guarded(ListenAddress listen) {
        return listen.host().startsWith("/") ? "localhost" : listen.host();
    }

    /**
     * Returns whether reads of a path need no token: an orchestrator's probes have none, and the dashboard asks for it.
     */
    private boolean isOpenToReaders(String path) {
        return settings.access().openReads() || PROBED.contains(path) || ViewEndpoints.FILES.contains(path);
    }
}
