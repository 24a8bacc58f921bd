package io.github.lbkit.http;

import io.github.lbkit.api.Key;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpRequest;

/**
 * A function that returns the routing key of a request of a {@link BalancedHttpClient}. Must be thread-safe and must
 * not block, because an asynchronous client may call it on its own threads.
 */
@FunctionalInterface
public interface RequestKey {
    /** Returns the key; {@link Key#none} if the request has none, for a random choice of the server. */
    Key key(HttpRequest request);

    /** Returns a function for requests without a key. */
    static RequestKey none() {
        return request -> Key.none();
    }

    /** Returns a function for the raw path, without the query. */
    static RequestKey path() {
        return request -> {
            String path = request.getPath();
            int query = path == null ? -1 : path.indexOf('?');
            return path == null ? Key.none() : Key.of(query < 0 ? path : path.substring(0, query));
        };
    }

    /**
     * Returns a function for the value of the first header with this name that the caller set. HttpClient adds its own
     * headers later.
     */
    static RequestKey header(String name) {
        return request -> {
            Header first = request.getFirstHeader(name);
            return first == null || first.getValue() == null ? Key.none() : Key.of(first.getValue());
        };
    }
}
