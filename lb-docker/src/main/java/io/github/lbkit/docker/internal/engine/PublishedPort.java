package io.github.lbkit.docker.internal.engine;

import io.github.lbkit.api.Address;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A host port at which a container's port is published. One container port may be published on several host addresses,
 * with a different number on each. Immutable.
 *
 * @param hostIp the address of the host; empty, {@code 0.0.0.0} or {@code ::} for all addresses
 * @param port the port of the host, from 1
 */
public record PublishedPort(String hostIp, int port) {
    private static final String LOOPBACK = "127.0.0.1";
    private static final String LOOPBACK_6 = "::1";

    /**
     * Returns the host and port to connect to, from all host ports of one container port.
     *
     * @param engineHost the host of the engine, as a name or a literal address
     */
    public static Optional<Address> best(List<PublishedPort> published, String engineHost) {
        return published.stream()
                .min(Comparator.comparingInt(candidate -> candidate.rank(engineHost)))
                .map(best -> Address.of(best.host(engineHost), best.port()));
    }

    private int rank(String engineHost) {
        boolean sameFamily = isIpv6() == isIpv6(engineHost);
        if (hostIp.equals(engineHost)) {
            return 0;
        } else if (hostIp.isEmpty() || (onAllAddresses() && sameFamily)) {
            return 1;
        }
        return (sameFamily ? 2 : 4) + (onAllAddresses() ? 1 : 0);
    }

    private String host(String engineHost) {
        if (!hostIp.isEmpty() && !onAllAddresses()) {
            return hostIp;
        } else if (hostIp.isEmpty() || isIpv6() == isIpv6(engineHost)) {
            return engineHost;
        } else if (engineHost.equals(LOOPBACK)) {
            return LOOPBACK_6;
        }
        return engineHost.equals(LOOPBACK_6) ? LOOPBACK : engineHost;
    }

    private boolean onAllAddresses() {
        return hostIp.isEmpty() || hostIp.equals("0.0.0.0") || hostIp.equals("::");
    }

    private boolean isIpv6() {
        return isIpv6(hostIp);
    }

    private static boolean isIpv6(String host) {
        return host.indexOf(':') >= 0;
    }
}
