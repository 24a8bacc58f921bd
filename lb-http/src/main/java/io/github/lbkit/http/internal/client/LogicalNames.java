package io.github.lbkit.http.internal.client;

import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.NoServer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/** The logical names of one client. Immutable once built; lookups are thread-safe. */
public final class LogicalNames {
    private static final Map<String, Integer> DEFAULT_PORTS = Map.of("http", 80, "https", 443);

    /** Stands for the default port of the request's scheme. */
    private static final int DEFAULT_PORT = -1;

    /** By host, in lower case, and by port or {@link #DEFAULT_PORT}. */
    private final Map<String, Map<Integer, LogicalName>> byHost = new HashMap<>();

    /** Creates an empty set; names are added before the client is used. */
    public LogicalNames() {}

    /**
     * Adds a name.
     *
     * @param name a host, or host:port, in lower case
     * @param key returns the key of a request
     * @param noServer returns the exception of a request for which there is no server
     */
    public void add(
            String name,
            LoadBalancer balancer,
            Function<HttpRequest, Key> key,
            Function<NoServer, Exception> noServer,
            ClientSettings settings) {
        int colon = name.indexOf(':');
        int port = colon < 0 ? DEFAULT_PORT : Integer.parseInt(name.substring(colon + 1));
        LogicalName added = new LogicalName(balancer, key, noServer, ClientInstances.following(balancer, settings));
        byHost.computeIfAbsent(colon < 0 ? name : name.substring(0, colon), host -> new HashMap<>())
                .put(port, added);
    }

    /** Returns the logical name that a route leads to; null if the route leads to an ordinary host. */
    public @Nullable LogicalName of(HttpRoute route) {
        HttpHost host = route.getTargetHost();
        Map<Integer, LogicalName> byPort = byHost.get(host.getHostName().toLowerCase(Locale.ROOT));
        if (byPort == null || UnixSockets.isUsedBy(route)) {
            return null;
        }
        LogicalName exact = byPort.get(host.getPort());
        if (exact != null) {
            return exact;
        }
        Integer defaultPort = DEFAULT_PORTS.get(host.getSchemeName());
        return defaultPort != null && defaultPort == host.getPort() ? byPort.get(DEFAULT_PORT) : null;
    }
}
