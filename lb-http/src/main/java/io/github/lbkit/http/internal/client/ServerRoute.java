package io.github.lbkit.http.internal.client;

import io.github.lbkit.api.Address;
import java.nio.file.Path;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.net.Host;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.net.URIAuthority;
import org.jspecify.annotations.Nullable;

/**
 * The route of one client to one instance in place of a route to a logical name. Uses TLS if the request or the address
 * asks for TLS, and the proxy of the request if it has one. Thread-safe.
 */
public final class ServerRoute {
    private final HttpRoute route;
    private final URIAuthority server;

    /**
     * Closes the idle connections. Written by the first request on this route, read by requests and by closing threads.
     */
    private volatile @Nullable Evictor evictor;

    private ServerRoute(HttpRoute route) {
        this.route = route;
        this.server = new URIAuthority(route.getTargetHost());
    }

    /** Returns the route to an address for requests with a route to a logical name. */
    static ServerRoute to(Address address, HttpRoute toName) {
        boolean secure = toName.isSecure() || address.scheme().equals("https");
        if (address.isUnix()) {
            HttpHost local = new HttpHost(secure ? "https" : "http", address.authority(), secure ? 443 : 80);
            return new ServerRoute(UnixSockets.route(local, secure, Path.of(address.host())));
        }
        HttpHost server = new HttpHost(secure ? "https" : "http", address.host(), address.port());
        NamedEndpoint tlsName = secure ? tlsName(toName, address) : null;
        HttpHost proxy = toName.getProxyHost();
        return new ServerRoute(
                proxy == null
                        ? new HttpRoute(server, tlsName, toName.getLocalAddress(), secure)
                        : new HttpRoute(server, tlsName, toName.getLocalAddress(), proxy, secure));
    }

    /** Returns the name for which the server's certificate must be valid; null for the host of the address. */
    private static @Nullable NamedEndpoint tlsName(HttpRoute toName, Address address) {
        String sni = address.attributes().get(Address.SNI);
        if (sni != null) {
            return new Host(sni, address.port());
        }
        if (!toName.isSecure()) {
            return null;
        }
        return toName.getTargetName() != null ? toName.getTargetName() : toName.getTargetHost();
    }

    /** Returns the route in HttpClient's terms. */
    public HttpRoute httpRoute() {
        return route;
    }

    /**
     * Sets the authority or the Host field of a request to the server, where the route needs it.
     *
     * @param serverHost whether the Host field names the server rather than the logical name
     */
    public void nameServerIn(HttpRequest request, boolean serverHost) {
        if (route.getProxyHost() != null && !route.isTunnelled()) {
            request.setAuthority(server); // the proxy connects to the authority of the request line
        } else if (serverHost && !request.containsHeader(HttpHeaders.HOST)) {
            request.setHeader(HttpHeaders.HOST, server);
        }
    }

    /** Returns whether {@link #evictBy} was called. */
    public boolean hasEvictor() {
        return evictor != null;
    }

    /** Sets the action that closes the idle connections of this route. */
    public void evictBy(Evictor value) {
        evictor = value;
    }

    /** Closes the idle connections of this route. */
    void evict() {
        Evictor known = evictor;
        if (known != null) {
            known.evict(route);
        }
    }
}
