package io.github.lbkit.examples.serve.endpoint.admin;

import io.github.lbkit.examples.dashboard.Dashboard;
import io.github.lbkit.examples.dashboard.StaticFiles;
import io.github.lbkit.examples.metrics.BalancerMetrics;
import io.github.lbkit.examples.serve.endpoint.Endpoint;
import io.github.lbkit.examples.serve.endpoint.JsonResponse;
import io.github.lbkit.http.BodyStream;
import io.github.lbkit.http.LocalHandler;
import io.github.lbkit.http.LocalRequest;
import io.github.lbkit.http.LocalResponse;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The endpoints for metrics, the dashboard, and the events of the dashboard. */
public final class ViewEndpoints {
    /** The path of {@link #events}. */
    public static final String EVENTS = "/events";

    /** The paths of the dashboard's files, which contain nothing about the balancer. */
    public static final Set<String> FILES;

    static {
        Set<String> files = new TreeSet<>(StaticFiles.responses().keySet());
        files.add("/");
        FILES = Collections.unmodifiableSet(files);
    }

    private static final String DASHBOARD = "/dashboard";

    private final BalancerMetrics metrics;
    private final Dashboard dashboard;

    /** Creates the endpoints. */
    public ViewEndpoints(BalancerMetrics metrics, Dashboard dashboard) {
        this.metrics = metrics;
        this.dashboard = dashboard;
    }

    /** Returns the handlers by raw path, without {@link #EVENTS}. */
    public Map<String, LocalHandler> handlers() {
        Map<String, LocalHandler> handlers = new LinkedHashMap<>();
        handlers.put("/metrics", Endpoint.get(metrics::page));
        handlers.put(
                "/",
                Endpoint.get(request ->
                        LocalResponse.text(302, "see " + DASHBOARD + "\n").with("Location", DASHBOARD)));
        StaticFiles.responses().forEach((path, file) -> handlers.put(path, Endpoint.get(request -> file)));
        return handlers;
    }

    /** Answers with server-sent events: the whole state at once and then every second. */
    public LocalResponse events(LocalRequest request, BodyStream stream) throws Exception {
        if (!request.head().method().equals("GET")) {
            stream.end();
            return JsonResponse.error(
                            405,
                            "method '" + request.head().method() + "' is not allowed for '" + EVENTS
                                    + "'; allowed: GET")
                    .with("Allow", "GET");
        }
        Optional<LocalResponse> opened = dashboard.open(stream);
        if (opened.isEmpty()) {
            stream.end();
            return JsonResponse.error(503, "all " + Dashboard.MAX_STREAMS + " event streams are in use; close one")
                    .with("Retry-After", "5");
        }
        return opened.get();
    }
}
