package io.github.lbkit.examples.serve.settings;

import io.github.lbkit.api.runtime.NameResolver;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionException;

/**
 * The address of a listener, unresolved. Immutable.
 *
 * @param host the host as given, without brackets
 * @param port the port, 0 to 65535; 0 stands for any free port
 */
public record ListenAddress(String host, int port) {
    /** Parses {@code host:port}; an IPv6 address has brackets. */
    static ListenAddress parse(String option, String value) {
        int colon = value.lastIndexOf(':');
        String host = colon < 0 ? "" : value.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            host = "";
        }
        try {
            int port = Integer.parseInt(value.substring(colon + 1));
            if (!host.isBlank() && port >= 0 && port <= 65_535) {
                return new ListenAddress(host, port);
            }
        } catch (NumberFormatException notAPort) {
            // refused below
        }
        throw new SettingException(option, value, "host:port with a port from 0 to 65535, such as 127.0.0.1:7432");
    }

    /** Resolves the address, and waits for the look-up of its name. */
    public InetSocketAddress resolve(String option) {
        try {
            return new InetSocketAddress(
                    NameResolver.system()
                            .resolve(host)
                            .toCompletableFuture()
                            .join()
                            .get(0),
                    port);
        } catch (CompletionException e) {
            throw new SettingException(option, host, "an address of this machine");
        }
    }

    /** Returns whether the address resolves to loopback. */
    boolean isLoopback(String option) {
        return resolve(option).getAddress().isLoopbackAddress();
    }
}
