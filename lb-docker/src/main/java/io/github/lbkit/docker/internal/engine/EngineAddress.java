package io.github.lbkit.docker.internal.engine;

import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * The address of an engine. Immutable.
 *
 * @param uri {@code unix:///path} or {@code tcp://host:port}
 * @param certificates the directory of {@code ca.pem}, {@code cert.pem} and {@code key.pem}; empty for no TLS
 * @param verified true if the engine must present a certificate of that authority
 */
public record EngineAddress(URI uri, Optional<Path> certificates, boolean verified) {
    /** The default address of Docker's engine. */
    public static final EngineAddress DEFAULT = of("unix:///var/run/docker.sock");

    private static final String ALLOWED = "unix:///path/of/docker.sock or tcp://host:port";

    /** Checks the form of the address. */
    public EngineAddress {
        boolean unix = "unix".equals(uri.getScheme())
                && uri.getPath() != null
                && uri.getPath().startsWith("/");
        boolean tcp = "tcp".equals(uri.getScheme()) && uri.getHost() != null && uri.getPort() > 0;
        if (!unix && !tcp) {
            throw new IllegalArgumentException("engine address '" + uri + "' is not " + ALLOWED);
        }
    }

    /** Returns the address of an engine without TLS. */
    public static EngineAddress of(String host) {
        return new EngineAddress(parse(host), Optional.empty(), false);
    }

    static URI parse(String host) {
        String scheme = host.toLowerCase(Locale.ROOT);
        if (scheme.startsWith("ssh://") || scheme.startsWith("npipe://")) {
            throw new IllegalArgumentException("engine address '" + host + "' cannot be used from here; allowed: "
                    + ALLOWED + " (for ssh, forward the socket: ssh -L /path/docker.sock:/var/run/docker.sock HOST)");
        }
        try {
            URI uri = URI.create(scheme.startsWith("http://") ? "tcp" + host.substring(4) : host);
            boolean portless = "tcp".equals(uri.getScheme()) && uri.getHost() != null && uri.getPort() < 0;
            return portless ? URI.create("tcp://" + uri.getHost() + ":2375") : uri;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("engine address '" + host + "' is not " + ALLOWED, e);
        }
    }

    /** Returns the host on which the engine's published ports are reached. */
    public String host() {
        return unix() ? "127.0.0.1" : uri.getHost();
    }

    /** Returns true if the address is a unix socket. */
    public boolean unix() {
        return "unix".equals(uri.getScheme());
    }

    @Override
    public String toString() {
        return uri + (certificates.isPresent() ? " (TLS)" : "");
    }
}
