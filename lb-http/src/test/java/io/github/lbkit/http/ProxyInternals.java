package io.github.lbkit.http;

/** Access for tests of other packages to numbers that a proxy does not publish. Stateless. */
public final class ProxyInternals {
    private ProxyInternals() {}

    /** Returns the number of connections to one instance. */
    public static int upstreamConnections(ReverseProxy proxy, String id, long generation) {
        return proxy.upstreamConnections(id, generation);
    }
}
