package io.github.lbkit.api;

import io.github.lbkit.api.internal.HostSyntax;
import io.github.lbkit.api.internal.UnixPath;
import io.github.lbkit.api.internal.VisibleText;
import java.net.UnixDomainSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The address of an instance: a host and a port, not resolved, or a Unix domain socket, with attributes of the
 * connection. Immutable.
 *
 * @param host an IPv4 address, an IPv6 address without brackets (with a zone if needed, such as {@code fe80::1%eth0}),
 *     or a name of RFC 1123, in which {@code _} is also allowed. A host that begins with {@code /} is the absolute path
 *     of a Unix domain socket on this machine
 * @param port 1 to 65535; 0 for a Unix domain socket
 * @param attributes the data that a client needs to connect, by {@link #SCHEME}, {@link #SNI}, {@link #PROBE} or a name
 *     of the caller's own
 */
public record Address(String host, int port, Map<String, String> attributes) {
    /** Attribute: the protocol, such as {@code http} or {@code https}. Absent means {@code http}. */
    public static final String SCHEME = "scheme";

    /** Attribute: the server name that TLS sends (SNI). Absent means the host. */
    public static final String SNI = "sni";

    /** Attribute: the path of health probes, if it differs from the pool's path. */
    public static final String PROBE = "probe";

    /** Checks the components and copies the map. */
    public Address {
        if (host.startsWith("/")) {
            UnixPath.check(host);
            if (port != 0) {
                throw new IllegalArgumentException("port " + port + " of Unix socket " + host + " is not 0");
            }
        } else if (!HostSyntax.isHost(host)) {
            throw new IllegalArgumentException("host '" + VisibleText.of(host) + "' is not " + HostSyntax.ALLOWED);
        } else if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " of " + host + " is not within 1 to 65535");
        }
        attributes = Map.copyOf(attributes);
    }

    /** Returns an address without attributes. */
    public static Address of(String host, int port) {
        return new Address(host, port, Map.of());
    }

    /** Returns the address of the Unix domain socket with this absolute path of at most 106 bytes. */
    public static Address unix(String path) {
        UnixPath.check(path);
        return new Address(path, 0, Map.of());
    }

    /** Returns the Unix domain socket; empty if this is a host and a port. */
    public Optional<UnixDomainSocketAddress> unixSocket() {
        return isUnix() ? Optional.of(UnixDomainSocketAddress.of(host)) : Optional.empty();
    }

    /** Returns whether this is a Unix domain socket, which needs no name resolution. */
    public boolean isUnix() {
        return host.startsWith("/");
    }

    /** Returns the protocol; {@code http} unless {@link #SCHEME} names another. */
    public String scheme() {
        return attributes.getOrDefault(SCHEME, "http");
    }

    /**
     * Returns {@code host:port}, with an IPv6 host in brackets, as in a URL or a {@code Host} header. Leaves out the
     * zone of an IPv6 address, because a zone has a meaning on this machine only (RFC 6874). The authority of a Unix
     * domain socket is {@code localhost}.
     */
    public String authority() {
        if (isUnix()) {
            return "localhost";
        }
        int zone = host.indexOf('%');
        boolean six = host.indexOf(':') >= 0;
        return (!six ? host : "[" + (zone < 0 ? host : host.substring(0, zone)) + "]") + ":" + port;
    }

    /** Returns {@link #authority}, or {@code unix:/path} for a Unix domain socket. */
    public String place() {
        return isUnix() ? UnixPath.PREFIX + host : authority();
    }

    @Override
    public String toString() {
        String place = isUnix() ? place() : (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        return attributes.isEmpty() ? place : place + new TreeMap<>(attributes);
    }
}
