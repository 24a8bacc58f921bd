package io.github.lbkit.http;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Runtimes;
import io.github.lbkit.api.health.Probe;
import io.github.lbkit.api.health.ProbeResult;
import io.github.lbkit.http.internal.client.HttpComponents;
import io.github.lbkit.http.internal.probe.ProbeClient;
import io.github.lbkit.http.internal.probe.ProbeRequest;
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
 * A probe by one HTTP/1.1 request over a connection of its own, answered within the timeout as a whole: by status, and by
 * the beginning of the body if a match is asked for. Nothing is followed, repeated, decompressed, kept or reused: a
 * redirect is a status like any other. Thread-safe; owns two daemon threads until it is closed. The addresses of a name come
 * from {@link Runtimes#names} and are tried in their order until one connects, each within its share of the timeout.
 *
 * <p>An address with the scheme {@code https} is asked over TLS; its certificate must be trusted by this JVM and be valid
 * for the address's {@link Address#SNI} name, or its host.
 *
 * <p><b>Good for</b> servers that know themselves whether they can serve. <b>Bad for</b> a path whose answer costs much
 * or depends on what all servers share: if that fails, all servers fail at once.
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
     * A probe that asks for this path, with the defaults that the builder's methods tell.
     *
     * @param path begins with {@code /}, printable ASCII without blanks; may have a query
     */
    public static Builder path(String path) {
        return new Builder(path);
    }

    /** Asks for the path of the probe, or for the one that the instance's address names by {@link Address#PROBE}. */
    @Override
    public CompletionStage<ProbeResult> probe(Instance instance, Duration timeout) {
        Address address = instance.address();
        String own = address.attributes().get(Address.PROBE);
        return client.ask(own != null && PATH.matcher(own).matches() ? request.at(own) : request, address, timeout);
    }

    /** Ends the threads; probes under way fail or never complete. Again: nothing happens. */
    @Override
    public void close() {
        client.close();
    }

    /** The settings of a probe; each is checked where it is set. Not thread-safe. */
    public static final class Builder {
        private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
        private static final Set<String> FRAMING = Set.of(
                "host", "connection", "content-length", "transfer-encoding", "upgrade", "expect", "te", "trailer");
        private static final int MOST_BODY = 1024 * 1024;

        private final String path;
        private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        private String method = "GET";
        private Optional<String> host = Optional.empty();
        private int minStatus = 200;
        private int maxStatus = 299;
        private Optional<Pattern> body = Optional.empty();
        private int bodyLimit = 64 * 1024;

        private Builder(String path) {
            if (!PATH.matcher(path).matches()) {
                throw new IllegalArgumentException(
                        "probe path '" + path + "' is not '/' and printable ASCII without blanks");
            }
            this.path = path;
        }

        /** The method, such as {@code HEAD} or {@code OPTIONS}; {@code GET} by default. No body is sent. */
        public Builder method(String value) {
            if (!TOKEN.matcher(value).matches() || value.equals("CONNECT")) {
                throw new IllegalArgumentException("probe method '" + value + "' is not a method to ask with");
            }
            method = value;
            return this;
        }

        /** The {@code Host} header, host or host:port; the instance's address by default. */
        public Builder host(String value) {
            if (!value.matches("[!-.0-~]+") || value.contains("@")) {
                throw new IllegalArgumentException("probe host '" + value + "' is not a host or host:port");
            }
            host = Optional.of(value);
            return this;
        }

        /** A further header; the name's last value counts. Those that frame the message are refused. */
        public Builder header(String name, String value) {
            if (!TOKEN.matcher(name).matches() || FRAMING.contains(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException(
                        "probe header '" + name + "' is not a header's name, or one that is not the caller's to set");
            }
            if (!value.matches("[ -~]*")) {
                throw new IllegalArgumentException(
                        "value '" + value + "' of probe header '" + name + "' is not printable ASCII");
            }
            headers.put(name, value);
            return this;
        }

        /** The statuses that pass, both inclusive, 200 to 599; 200 to 299 by default. */
        public Builder status(int min, int max) {
            if (min < 200 || max > 599 || min > max) {
                throw new IllegalArgumentException("probe status " + min + " to " + max + " is not within 200 to 599");
            }
            minStatus = min;
            maxStatus = max;
            return this;
        }

        /** A regular expression that must be found in the body, read as UTF-8; the body does not matter by default. */
        public Builder body(String regex) {
            try {
                body = Optional.of(Pattern.compile(regex));
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException("probe body '" + regex + "' is not a regular expression", e);
            }
            return this;
        }

        /** How many bytes of the body are looked at, 1 to 1,048,576; 65,536 by default. */
        public Builder bodyLimit(int bytes) {
            if (bytes < 1 || bytes > MOST_BODY) {
                throw new IllegalArgumentException("probe bodyLimit " + bytes + " is not 1 to " + MOST_BODY);
            }
            bodyLimit = bytes;
            return this;
        }

        /**
         * The probe; whoever builds it closes it.
         *
         * @throws IllegalArgumentException if a body is asked of the method HEAD
         */
        public HttpProbe build(Runtimes runtimes) {
            if (method.equals("HEAD") && body.isPresent()) {
                throw new IllegalArgumentException("probe method HEAD has no body to match '" + body.get() + "'");
            }
            HttpComponents.check();
            ProbeRequest request = new ProbeRequest(method, path, host, headers, minStatus, maxStatus, body, bodyLimit);
            return new HttpProbe(request, new ProbeClient(runtimes));
        }
    }
}
