package io.github.lbkit.http.internal.client;

import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.http.RequestKey;

/**
 * What a logical name stands for. Thread-safe.
 *
 * @param name as in the request's URL
 * @param balancer chooses its servers
 * @param key what its requests are routed by
 * @param connections this client's, to these servers
 */
record Target(String name, LoadBalancer balancer, RequestKey key, Connections connections) {}
