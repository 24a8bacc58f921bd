package io.github.lbkit.examples.metrics;

import io.github.lbkit.http.ReverseProxy;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.Supplier;

/**
 * The meters of one listener: connections, requests in progress, tunnels, and what was refused or dropped. Immutable.
 */
final class ProxyMeters implements MeterBinder {
    private final String listener;
    private final ReverseProxy proxy;

    ProxyMeters(String listener, ReverseProxy proxy) {
        this.listener = listener;
        this.proxy = proxy;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Tags tags = Tags.of("listener", listener);
        gauge(registry, "lbkit.proxy.in.flight", "Requests in progress", tags, proxy::inFlight);
        gauge(registry, "lbkit.proxy.tunnels", "Requests in progress that are tunnels", tags, proxy::tunnels);
        gauge(
                registry,
                "lbkit.proxy.connections",
                "Open connections to clients and to servers",
                tags.and("peer", "client"),
                proxy::clientConnections);
        gauge(
                registry,
                "lbkit.proxy.connections",
                "Open connections to clients and to servers",
                tags.and("peer", "server"),
                proxy::serverConnections);
        FunctionCounter.builder("lbkit.proxy.tls.handshakes.failed", proxy, ReverseProxy::failedHandshakes)
                .description("TLS handshakes with clients that failed, requests without TLS included")
                .tags(tags)
                .register(registry);
        FunctionCounter.builder("lbkit.proxy.log.lines.dropped", proxy, ReverseProxy::droppedLogLines)
                .description("Lines of the access log that were not written")
                .tags(tags)
                .register(registry);
        FunctionCounter.builder("lbkit.proxy.headers.refused", proxy, ReverseProxy::refusedProxyHeaders)
                .description("Client connections closed for want of a valid PROXY header")
                .tags(tags)
                .register(registry);
    }

    private static void gauge(
            MeterRegistry registry, String name, String description, Tags tags, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).tags(tags).register(registry);
    }
}
