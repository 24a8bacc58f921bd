package io.github.lbkit.http;

import io.github.lbkit.api.Key;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** What of a request it is routed by. Runs on the proxy's loops: thread-safe, must not block. */
@FunctionalInterface
public interface KeyExtractor {
    /** The key; {@link Key#none} if the request has none, for a random choice. */
    Key key(RequestHead head);

    /** No key. */
    static KeyExtractor none() {
        return head -> Key.none();
    }

    /** The request's id: another key for each request, unless clients name it themselves. */
    static KeyExtractor requestId() {
        return head -> Key.of(head.requestId());
    }

    /** The client's address, as {@link RequestHead#clientAddress} tells it. */
    static KeyExtractor clientIp() {
        return head -> Key.of(head.clientAddress().getHostAddress());
    }

    /** The raw path, without the query. */
    static KeyExtractor path() {
        return head -> Key.of(head.path());
    }

    /** The value of the first field of this name. */
    static KeyExtractor header(String name) {
        return head -> head.header(name).map(Key::of).orElseGet(Key::none);
    }

    /** The value of the cookie of this name. */
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

    /** The percent-decoded value of the first query parameter of this name; raw where it cannot be decoded. */
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
