package io.github.lbkit.docker.internal.engine;

import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Where an engine listens. Immutable.
 *
 * @param uri {@code unix:///path} or {@code tcp://host:port}
 * @param certificates the directory of {@code ca.pem}, {@code cert.pem} and {@code key.pem}, if TLS is spoken there
 * @param verified whether the engine must show a certificate of that authority
 */
public record EngineAddress(URI uri, Optional<Path> certificates, boolean verified) {
    /** Where engines listen unless told otherwise. */
    public static final EngineAddress DEFAULT = of("unix:///var/run/docker.sock");

    private static final String ALLOWED = "unix:///path/of/docker.sock or tcp://host:port";

    /** Checks. */
    public EngineAddress {
        boolean unix = "unix".equals(uri.getScheme())
                && uri.getPath() != null
                && uri.getPath().startsWith("/");
        boolean tcp = "tcp".equals(uri.getScheme()) && uri.getHost() != null && uri.getPort() > 0;
        if (!unix && !tcp) {
            throw new IllegalArgumentException("engine address '" + uri + "' is not " + ALLOWED);
        }
    }

    /** The engine at this address, without TLS. */
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

    /** Whether it is a socket in the file system. */
    public boolean unix() {
        return "unix".equals(uri.getScheme());
    }

    @Override
    public String toString() {
        return uri + (certificates.isPresent() ? " (TLS)" : "");
    }
}
