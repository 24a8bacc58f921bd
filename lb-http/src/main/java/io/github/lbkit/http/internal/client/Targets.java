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

    private static final int USUAL = -1;

    /** By host, in lower case, and port; {@link #USUAL} stands for the scheme's own. */
    private final Map<String, Map<Integer, Target>> byHost = new HashMap<>();

    /** None yet; names are added before the client is used. */
    public Targets() {}

    /** Adds a name, in lower case: a host, or host:port. */
    public void add(String name, LoadBalancer balancer, RequestKey key, ClientSettings settings) {
        int colon = name.indexOf(':');
        int port = colon < 0 ? USUAL : Integer.parseInt(name.substring(colon + 1));
        byHost.computeIfAbsent(colon < 0 ? name : name.substring(0, colon), host -> new HashMap<>())
                .put(port, new Target(name, balancer, key, Connections.following(balancer, settings)));
    }

    /** What the end of this route stands for; null if it is an ordinary host. */
    @Nullable
    Target of(HttpRoute route) {
        HttpHost host = route.getTargetHost();
        Map<Integer, Target> byPort = byHost.get(host.getHostName().toLowerCase(Locale.ROOT));
        if (byPort == null || UnixSockets.isUsedBy(route)) {
            return null;
        }
        Target exact = byPort.get(host.getPort());
        if (exact != null) {
            return exact;
        }
        Integer usual = DEFAULT_PORTS.get(host.getSchemeName());
        return usual != null && usual == host.getPort() ? byPort.get(USUAL) : null;
    }
}
