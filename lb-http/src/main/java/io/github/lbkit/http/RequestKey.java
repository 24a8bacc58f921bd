package io.github.lbkit.http;

import io.github.lbkit.api.Key;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpRequest;

/**
 * What of a request a {@link BalancedHttpClient} routes it by. Must be thread-safe, and must not block: an asynchronous
 * client may call it on its own threads.
 */
@FunctionalInterface
public interface RequestKey {
    /** The key; {@link Key#none} if the request has none, for a random choice. */
    Key key(HttpRequest request);

    /** No key. */
    static RequestKey none() {
        return request -> Key.none();
    }

    /** The raw path, without the query. */
    static RequestKey path() {
        return request -> {
            String path = request.getPath();
            int query = path == null ? -1 : path.indexOf('?');
            return path == null ? Key.none() : Key.of(query < 0 ? path : path.substring(0, query));
        };
    }

    /** The value of the first header of this name, as the caller set it: those that HttpClient adds come later. */
    static RequestKey header(String name) {
        return request -> {
            Header first = request.getFirstHeader(name);
            return first == null || first.getValue() == null ? Key.none() : Key.of(first.getValue());
        };
    }
}
