package io.github.lbkit.http.internal.client;

import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.util.Timeout;

/** Closes the idle connections of a route in a client's own pool of connections. Does not block for longer than a moment. */
@FunctionalInterface
interface Evictor {
    /** By what its leases are known in HttpClient's logs. */
    String ID = "lbkit-evict";

    void evict(HttpRoute route);

    /** For a lease that does not wait until a connection is free. */
    static HttpClientContext context() {
        HttpClientContext context = HttpClientContext.create();
        context.setRequestConfig(RequestConfig.custom()
                .setConnectionRequestTimeout(Timeout.ofMilliseconds(1))
                .build());
        return context;
    }
}
