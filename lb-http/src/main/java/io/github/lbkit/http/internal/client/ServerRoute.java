package io.github.lbkit.http.internal.client;

import io.github.lbkit.api.Address;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.net.Host;
import org.apache.hc.core5.net.NamedEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * The way to a server instead of to its logical name: TLS if either the request or the address asks for it, through the
 * proxy if the request had one.
 */
final class ServerRoute {
    private ServerRoute() {}

    static HttpRoute of(HttpRoute asked, Address address) {
        boolean secure = asked.isSecure() || address.scheme().equals("https");
        HttpHost server = new HttpHost(secure ? "https" : "http", address.host(), address.port());
        NamedEndpoint tlsName = secure ? tlsName(asked, address) : null;
        HttpHost proxy = asked.getProxyHost();
        return proxy == null
                ? new HttpRoute(server, tlsName, asked.getLocalAddress(), secure)
                : new HttpRoute(server, tlsName, asked.getLocalAddress(), proxy, secure);
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
}
