package io.github.lbkit.http;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.health.Probe;
import io.github.lbkit.api.health.ProbeResult;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.http.internal.client.HttpComponents;
import io.github.lbkit.http.internal.probe.ProbeClient;
import io.github.lbkit.http.internal.probe.ProbeRequest;
import io.github.lbkit.http.internal.tls.LazyServerEngines;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A health probe that sends one HTTP/1.1 request over a connection of its own. It judges the response by its status
 * and, if a body match is set, by the beginning of its body. The timeout covers the whole probe. The probe never
 * follows redirects, repeats requests, decompresses bodies or reuses connections. The addresses of a name come from
 * {@link Runtimes#names}; they are tried in order until one connects, each within its share of the timeout.
 * Thread-safe; owns two daemon threads until {@link #close}.
 *
 * <p>An address with the scheme {@code https} is probed over TLS, as {@link Builder#serverTls} says. With the settings
 * of the proxy ({@link ReverseProxyBuilder#serverTls}), a probe judges certificates as the proxy does.
 *
 * <pre>{@code
 * HttpProbe probe = HttpProbe.path("/health").status(200, 204).build(Runtimes.system());
 * }</pre>
 *
 * <p><b>Good for</b> servers that know whether they can serve. <b>Bad for</b> a path whose response is expensive, or
 * depends on a resource that all servers share: if this resource fails, all servers fail at once.
 */
public final class HttpProbe implements Probe, AutoCloseable {
    private static final Pattern PATH = Pattern.compile("/[!-~]*");

    private final ProbeRequest request;
    private final ProbeClient client;

    private HttpProbe(ProbeRequest request, ProbeClient client) {
        this.request = request;
        this.client = client;
    }

    /**
     * Returns the builder of a probe of this path.
     *
     * @param path the path, beginning with {@code /}, in printable ASCII without blanks; may contain a query
     */
    public static Builder path(String path) {
        return new Builder(path);
    }

    /** Probes the path of this probe, or the path that the instance's address sets by {@link Address#PROBE}. */
    @Override
    public CompletionStage<ProbeResult> probe(Instance instance, Duration timeout) {
        Address address = instance.address();
        String path = address.attributes().get(Address.PROBE);
        return client.send(
                path != null && PATH.matcher(path).matches() ? request.withPath(path) : request, address, timeout);
    }

    /** Stops the threads. Probes in progress fail or never complete. A second call does nothing. */
    @Override
    public void close() {
        client.close();
    }

    /**
     * A builder of probes. Every method throws {@link IllegalArgumentException} for a value that is not allowed. Not
     * thread-safe.
     */
    public static final class Builder {
        private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
        private static final Set<String> FRAMING = Set.of(
                "host", "connection", "content-length", "transfer-encoding", "upgrade", "expect", "te", "trailer");
        private static final int MAX_BODY_LIMIT = 1024 * 1024;

        private final String path;
        private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        private String method = "GET";
        private Optional<String> host = Optional.empty();
        private int minStatus = 200;
        private int maxStatus = 299;
        private Optional<Pattern> body = Optional.empty();
        private int bodyLimit = 64 * 1024;
        private ServerTls serverTls = ServerTls.DEFAULTS;

        private Builder(String path) {
            if (!PATH.matcher(path).matches()) {
                throw new IllegalArgumentException(
                        "probe path '" + path + "' is not '/' and printable ASCII without blanks");
            }
            this.path = path;
        }

        /**
         * Sets the request method, such as {@code HEAD} or {@code OPTIONS}; {@code GET} by default. No body is sent.
         */
        public Builder method(String value) {
            if (!TOKEN.matcher(value).matches() || value.equals("CONNECT")) {
                throw new IllegalArgumentException("probe method '" + value + "' is not a token, or is CONNECT");
            }
            method = value;
            return this;
        }

        /** Sets the {@code Host} field, a host or host:port; the instance's address by default. */
        public Builder host(String value) {
            if (!value.matches("[!-.0-~]+") || value.contains("@")) {
                throw new IllegalArgumentException("probe host '" + value + "' is not a host or host:port");
            }
            host = Optional.of(value);
            return this;
        }

        /**
         * Adds a request field; a second call with the same name replaces the value. Fields that frame the message are
         * refused.
         */
        public Builder header(String name, String value) {
            if (!TOKEN.matcher(name).matches() || FRAMING.contains(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException(
                        "probe header '" + name + "' is not the name of a header, or is set by the probe itself");
            }
            if (!value.matches("[ -~]*")) {
                throw new IllegalArgumentException(
                        "value '" + value + "' of probe header '" + name + "' is not printable ASCII");
            }
            headers.put(name, value);
            return this;
        }

        /** Sets the statuses that pass, both inclusive, from 200 to 599; 200 to 299 by default. */
        public Builder status(int min, int max) {
            if (min < 200 || max > 599 || min > max) {
                throw new IllegalArgumentException("probe status " + min + " to " + max + " is not within 200 to 599");
            }
            minStatus = min;
            maxStatus = max;
            return this;
        }

        /** Sets a regular expression that must match a part of the body, which is read as UTF-8; none by default. */
        public Builder body(String regex) {
            try {
                body = Optional.of(Pattern.compile(regex));
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException("probe body '" + regex + "' is not a regular expression", e);
            }
            return this;
        }

        /**
         * Sets the number of bytes at the beginning of the body that are matched, 1 to 1,048,576; 65,536 by default.
         */
        public Builder bodyLimit(int bytes) {
            bodyLimit = Settings.within("probe bodyLimit", bytes, 1, MAX_BODY_LIMIT);
            return this;
        }

        /** Sets TLS for addresses with the scheme {@code https}; {@link ServerTls#DEFAULTS} by default. */
        public Builder serverTls(ServerTls value) {
            serverTls = value;
            return this;
        }

        /**
         * Returns the probe. The caller must close it.
         *
         * @throws IllegalArgumentException if a body match is set for the method HEAD, or if a file of the settings of
         *     TLS is wrong
         */
        public HttpProbe build(Runtimes runtimes) {
            if (method.equals("HEAD") && body.isPresent()) {
                throw new IllegalArgumentException("probe method HEAD has no body to match '" + body.get() + "'");
            }
            HttpComponents.check();
            ProbeRequest request = new ProbeRequest(method, path, host, headers, minStatus, maxStatus, body, bodyLimit);
            return new HttpProbe(request, new ProbeClient(runtimes, new LazyServerEngines(serverTls, "http-probe")));
        }
    }
}
