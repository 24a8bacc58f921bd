package io.github.lbkit.http.internal.client;

import io.github.lbkit.api.Key;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.RequestConfig;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a request that are known before its first attempt. Immutable.
 *
 * @param route the route to the logical name
 * @param key the key that the request is routed by
 * @param rule the rule by which the request may be sent again
 * @param config the caller's configuration of the request or of the client; null for HttpClient's default
 */
public record BalancedRequest(
        HttpRoute route, Key key, RetryRule rule, @Nullable RequestConfig config) {}
