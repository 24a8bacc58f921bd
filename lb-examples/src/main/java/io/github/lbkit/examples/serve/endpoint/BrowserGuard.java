package io.github.lbkit.examples.serve.endpoint;

import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.RequestHead;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Keeps pages of other origins from driving the reserved paths: {@code Host} must be one of the listener's own names
 * (so that a name rebound to this address does not count), and an {@code Origin} must be this very host. The names of
 * loopback count for clients of this machine alone. Immutable.
 */
public final class BrowserGuard implements Function<RequestHead, Optional<LocalResponse>> {
    private static final Set<String> LOOPBACK = new TreeSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));

    private final Set<String> names;

    /**
     * A guard for a listener.
     *
     * @param listenHost the address that it listens on, as given
     * @param hostNames further names by which clients may call it, without a port
     */
    public BrowserGuard(String listenHost, List<String> hostNames) {
        names = new TreeSet<>();
        names.add(bracketed(listenHost.toLowerCase(Locale.ROOT)));
        hostNames.forEach(name -> names.add(bracketed(name.toLowerCase(Locale.ROOT))));
    }

    @Override
    public Optional<LocalResponse> apply(RequestHead head) {
        String host = head.header("Host").orElse("").toLowerCase(Locale.ROOT);
        boolean loopback = head.clientAddress().isLoopbackAddress();
        if (!host.isEmpty()
                && !names.contains(withoutPort(host))
                && !(loopback && LOOPBACK.contains(withoutPort(host)))) {
            return Optional.of(Json.error(
                    403,
                    "Host '" + host + "' is not a name of this listener; allowed: " + String.join(", ", names)
                            + (loopback ? ", " : ", and to clients of this machine ") + String.join(", ", LOOPBACK)
                            + "; --host-names adds names"));
        }
        for (String origin : head.headers("Origin")) {
            String lower = origin.toLowerCase(Locale.ROOT);
            if (!lower.equals("http://" + host) && !lower.equals("https://" + host)) {
                return Optional.of(Json.error(
                        403,
                        "Origin '" + origin + "' is not this listener's own; allowed: http://" + host + ", or none"));
            }
        }
        return Optional.empty();
    }

    private static String withoutPort(String host) {
        int end = host.startsWith("[") ? host.indexOf(']') + 1 : host.indexOf(':');
        return end <= 0 ? host : host.substring(0, end);
    }

    private static String bracketed(String name) {
        return name.indexOf(':') >= 0 && !name.startsWith("[") ? "[" + name + "]" : name;
    }
}
