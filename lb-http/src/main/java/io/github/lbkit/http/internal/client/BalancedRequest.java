package io.github.lbkit.http.internal.client;

import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.RequestConfig;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a request before its first attempt. Immutable.
 *
 * @param asked the route to the logical name
 * @param rule whether the request may be sent again
 * @param callers the configuration that the caller gave to the request or to the client; null stands for HttpClient's default
 */
record BalancedRequest(
        HttpRoute asked, RepeatRule rule, @Nullable RequestConfig callers) {}
