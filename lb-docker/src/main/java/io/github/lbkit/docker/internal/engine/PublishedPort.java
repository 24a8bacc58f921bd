package io.github.lbkit.docker.internal.engine;

import io.github.lbkit.api.Address;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A port of the host at which a container's port is published. One port of a container may be published on several addresses
 * of the host, and on each with another number. Immutable.
 *
 * @param hostIp the address on which it is published; empty, {@code 0.0.0.0} or {@code ::} for all
 * @param port of the host, from 1
 */
public record PublishedPort(String hostIp, int port) {
    private static final String LOOPBACK = "127.0.0.1";
    private static final String LOOPBACK_6 = "::1";

    /**
     * The host and port to connect to, among all places where one port of a container is published: the number is that of
     * the address that is used.
     *
     * @param engineHost the host of the engine, by a name or a literal address
     */
    public static Optional<Address> best(List<PublishedPort> published, String engineHost) {
        return published.stream()
                .min(Comparator.comparingInt(one -> one.rank(engineHost)))
                .map(best -> Address.of(best.host(engineHost), best.port()));
    }

    private int rank(String engineHost) {
        boolean family = isSix() == isSix(engineHost);
        if (hostIp.equals(engineHost)) {
            return 0;
        } else if (hostIp.isEmpty() || (anywhere() && family)) {
            return 1;
        }
        return (family ? 2 : 4) + (anywhere() ? 1 : 0);
    }

    private String host(String engineHost) {
        if (!hostIp.isEmpty() && !anywhere()) {
            return hostIp;
        } else if (hostIp.isEmpty() || isSix() == isSix(engineHost)) {
            return engineHost;
        } else if (engineHost.equals(LOOPBACK)) {
            return LOOPBACK_6;
        }
        return engineHost.equals(LOOPBACK_6) ? LOOPBACK : engineHost;
    }

    private boolean anywhere() {
        return hostIp.isEmpty() || hostIp.equals("0.0.0.0") || hostIp.equals("::");
    }

    private boolean isSix() {
        return isSix(hostIp);
    }

    private static boolean isSix(String host) {
        return host.indexOf(':') >= 0;
    }
}
