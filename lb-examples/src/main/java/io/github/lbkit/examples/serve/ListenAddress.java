package io.github.lbkit.examples.serve;

import io.github.lbkit.api.NameResolver;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionException;

/**
 * Where to listen. Immutable.
 *
 * @param host as given, without brackets
 * @param port 0 to 65535; 0 is any free one
 */
record ListenAddress(String host, int port) {
    /** Takes {@code host:port} apart; an IPv6 address stands in brackets. */
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

    /** Returns the address to listen at; waits for the look-up of a name. */
    InetSocketAddress resolve(String option) {
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

    boolean isLoopback(String option) {
        return resolve(option).getAddress().isLoopbackAddress();
    }
}
