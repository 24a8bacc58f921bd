package io.github.lbkit.http.internal.client;

import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.NoServer;
import java.util.function.Function;
import org.apache.hc.core5.http.HttpRequest;

/**
 * A logical name of a client: the balancer and the settings of the requests to this name. Thread-safe.
 *
 * @param balancer chooses the servers
 * @param key returns the key of a request
 * @param noServer returns the exception of a request for which there is no server
 * @param instances the instances of the balancer as the client uses them
 */
public record LogicalName(
        LoadBalancer balancer,
        Function<HttpRequest, Key> key,
        Function<NoServer, Exception> noServer,
        ClientInstances instances) {}
