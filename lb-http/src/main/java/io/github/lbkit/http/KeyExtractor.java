package io.github.lbkit.http;

import io.github.lbkit.api.Key;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * A function that returns the routing key of a request to the proxy. Must be thread-safe and must not block, because it
 * runs on the proxy's event loops.
 */
@FunctionalInterface
public interface KeyExtractor {
    /** Returns the key; {@link Key#none} if the request has none, for a random choice of the server. */
    Key key(RequestHead head);

    /** Returns an extractor for requests without a key. */
    static KeyExtractor none() {
        return head -> Key.none();
    }

    /**
     * Returns an extractor of the request id: a different key for each request, unless clients set
     * {@code X-Request-Id}.
     */
    static KeyExtractor requestId() {
        return head -> Key.of(head.requestId());
    }

    /** Returns an extractor of the client's address; see {@link RequestHead#clientAddress}. */
    static KeyExtractor clientIp() {
        return head -> Key.of(head.clientAddress().getHostAddress());
    }

    /**
     * Returns an extractor of the subject of the client's verified certificate; see
     * {@link RequestHead#clientCertificateSubject}.
     */
    static KeyExtractor clientCertificate() {
        return head -> head.clientCertificateSubject().map(Key::of).orElseGet(Key::none);
    }

    /** Returns an extractor of the raw path, without the query. */
    static KeyExtractor path() {
        return head -> Key.of(head.path());
    }

    /** Returns an extractor of the value of the first field with this name. */
    static KeyExtractor header(String name) {
        return head -> head.header(name).map(Key::of).orElseGet(Key::none);
    }

    /** Returns an extractor of the value of the cookie with this name. */
    static KeyExtractor cookie(String name) {
        return head -> {
            for (String line : head.headers("Cookie")) {
                for (String pair : line.split(";", -1)) {
                    int equals = pair.indexOf('=');
                    if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
                        return Key.of(pair.substring(equals + 1).strip());
                    }
                }
            }
            return Key.none();
        };
    }

    /**
     * Returns an extractor of the percent-decoded value of the first query parameter with this name. A value that
     * cannot be decoded is used unchanged.
     */
    static KeyExtractor query(String name) {
        return head -> {
            for (String pair : head.query().orElse("").split("&", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0 && pair.substring(0, equals).equals(name)) {
                    String value = pair.substring(equals + 1);
                    try {
                        return Key.of(URLDecoder.decode(value, StandardCharsets.UTF_8));
                    } catch (IllegalArgumentException notEncoded) {
                        return Key.of(value);
                    }
                }
            }
            return Key.none();
        };
    }
}
