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
 * A guard against web pages of other origins. {@code Host} must be one of the listener's own names, which refuses names
 * that were rebound to this address. An {@code Origin} must be the host of the request. Loopback names are accepted
 * only from clients on this machine. Immutable.
 */
public final class BrowserGuard implements Function<RequestHead, Optional<LocalResponse>> {
    private static final Set<String> LOOPBACK = new TreeSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));

    private final Set<String> names;

    /**
     * Creates the guard of a listener.
     *
     * @param listenHost the host that the listener listens on, as given
     * @param hostNames further names of the listener, without a port
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
            return Optional.of(JsonResponse.error(
                    403,
                    "Host '" + host + "' is not a name of this listener; allowed: " + String.join(", ", names)
                            + (loopback ? ", " : ", and to clients of this machine ") + String.join(", ", LOOPBACK)
                            + "; --host-names adds names"));
        }
        for (String origin : head.headers("Origin")) {
            String lower = origin.toLowerCase(Locale.ROOT);
            if (!lower.equals("http://" + host) && !lower.equals("https://" + host)) {
                return Optional.of(JsonResponse.error(
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
