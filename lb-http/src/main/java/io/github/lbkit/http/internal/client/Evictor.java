package io.github.lbkit.http.internal.client;

import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.util.Timeout;

/**
 * An action that closes the idle connections of a route in a client's connection pool. Returns within a few
 * milliseconds.
 */
@FunctionalInterface
public interface Evictor {
    /** The id of the leases in HttpClient's logs. */
    String ID = "lbkit-evict";

    /** Closes the idle connections of this route. */
    void evict(HttpRoute route);

    /** Returns a context for a lease that does not wait for a free connection. */
    static HttpClientContext context() {
        HttpClientContext context = HttpClientContext.create();
        context.setRequestConfig(RequestConfig.custom()
                .setConnectionRequestTimeout(Timeout.ofMilliseconds(1))
                .build());
        return context;
    }
}
