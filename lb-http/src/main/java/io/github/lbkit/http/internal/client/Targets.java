package io.github.lbkit.http.internal.client;

import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.http.RequestKey;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;

/** The logical names of one client. Immutable once built; lookups are thread-safe. */
public final class Targets {
    private static final Map<String, Integer> DEFAULT_PORTS = Map.of("http", 80, "https", 443);

    private final Map<String, Target> byName = new HashMap<>();

    /** None yet; names are added before the client is used. */
    public Targets() {}

    /** Adds a name, in lower case: a host, or host:port. */
    public void add(String name, LoadBalancer balancer, RequestKey key) {
        byName.put(name, new Target(name, balancer, key, Connections.following(balancer)));
    }

    /** What the end of this route stands for; null if it is an ordinary host. */
    @Nullable
    Target of(HttpRoute route) {
        HttpHost host = route.getTargetHost();
        if (route.getUnixDomainSocket() != null) {
            return null;
        }
        String name = host.getHostName().toLowerCase(Locale.ROOT);
        Target exact = byName.get(name + ":" + host.getPort());
        if (exact != null) {
            return exact;
        }
        Integer usual = DEFAULT_PORTS.get(host.getSchemeName());
        return usual != null && usual == host.getPort() ? byName.get(name) : null;
    }
}
