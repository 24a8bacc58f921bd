package io.github.lbkit.examples.metrics;

import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.http.LocalRequest;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.ReverseProxy;
import io.github.lbkit.micrometer.LbkitMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;

/** The metrics of a running balancer, and their page for Prometheus. Thread-safe. */
public final class BalancerMetrics implements AutoCloseable {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final LbkitMetrics metrics = new LbkitMetrics();

    /** Creates metrics for a balancer that has not been built yet, and for this process. */
    public BalancerMetrics() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    /** Returns the listener that the balancer must have. */
    public LoadBalancerListener listener() {
        return metrics;
    }

    /** Adds the metrics of the balancer, which must have the {@link #listener}. */
    public void show(LoadBalancer balancer) {
        metrics.follow(balancer);
        metrics.bindTo(registry);
    }

    /** Adds the metrics of a listener with this name. */
    public void show(String listener, ReverseProxy proxy) {
        new ProxyMeters(listener, proxy).bindTo(registry);
    }

    /**
     * Returns the page as OpenMetrics if the client prefers it at least as much as plain text, otherwise as plain text.
     */
    public LocalResponse page(LocalRequest request) {
        Accept accept = new Accept(request.head().headers("Accept"));
        double open = accept.quality("application/openmetrics-text");
        String type = open > 0 && open >= accept.quality("text/plain") ? OPEN_METRICS : TEXT;
        return LocalResponse.of(200, type, registry.scrape(type).getBytes(StandardCharsets.UTF_8))
                .with("Cache-Control", "no-store")
                .with("Vary", "Accept");
    }

    @Override
    public void close() {
        metrics.close();
        registry.close();
    }
}
