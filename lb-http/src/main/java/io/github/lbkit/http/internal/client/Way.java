package io.github.lbkit.http.internal.client;

import io.github.lbkit.api.Address;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.net.Host;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.net.URIAuthority;
import org.jspecify.annotations.Nullable;

/**
 * The way to an instance instead of to its logical name: TLS if either the request or the address asks for it, through the
 * proxy if the request had one. Thread-safe.
 */
final class Way {
    private final HttpRoute route;
    private final URIAuthority server;

    /** Closes its idle connections. Written by who goes here first, read by who goes here and by who closes. */
    private volatile @Nullable Evictor evictor;

    private Way(HttpRoute route) {
        this.route = route;
        this.server = new URIAuthority(route.getTargetHost());
    }

    /** The way to this address for requests that asked for this route. */
    static Way to(Address address, HttpRoute asked) {
        boolean secure = asked.isSecure() || address.scheme().equals("https");
        HttpHost server = new HttpHost(secure ? "https" : "http", address.host(), address.port());
        NamedEndpoint tlsName = secure ? tlsName(asked, address) : null;
        HttpHost proxy = asked.getProxyHost();
        return new Way(
                proxy == null
                        ? new HttpRoute(server, tlsName, asked.getLocalAddress(), secure)
                        : new HttpRoute(server, tlsName, asked.getLocalAddress(), proxy, secure));
    }

    /** The name that the server's certificate must be valid for; null stands for the address's host. */
    private static @Nullable NamedEndpoint tlsName(HttpRoute asked, Address address) {
        String sni = address.attributes().get(Address.SNI);
        if (sni != null) {
            return new Host(sni, address.port());
        }
        if (!asked.isSecure()) {
            return null;
        }
        return asked.getTargetName() != null ? asked.getTargetName() : asked.getTargetHost();
    }

    HttpRoute route() {
        return route;
    }

    /** Makes a request name the server where it must, and where that is wanted. */
    void putNameIn(HttpRequest request, boolean serverHost) {
        if (route.getProxyHost() != null && !route.isTunnelled()) {
            request.setAuthority(server); // what the proxy connects to is what the request line names
        } else if (serverHost && !request.containsHeader(HttpHeaders.HOST)) {
            request.setHeader(HttpHeaders.HOST, server);
        }
    }

    boolean hasEvictor() {
        return evictor != null;
    }

    /** How its connections are closed from here on. */
    void evictBy(Evictor value) {
        evictor = value;
    }

    /** Closes its idle connections. */
    void evict() {
        Evictor known = evictor;
        if (known != null) {
            known.evict(route);
        }
    }
}
