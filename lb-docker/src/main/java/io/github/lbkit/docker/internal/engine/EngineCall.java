package io.github.lbkit.docker.internal.engine;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One call of the engine's HTTP API. A call may be sent again when its connection breaks: names, generations and
 * version numbers make the second sending find the effect of the first. Immutable.
 *
 * @param method the HTTP method
 * @param path the path with its query, without the version of the API
 * @param body opens the body anew for each sending; empty for a call without a body
 * @param type the media type of the body
 * @param timeout the maximum duration of the call, up to the last byte of the response
 */
public record EngineCall(
        String method, String path, Optional<Supplier<InputStream>> body, String type, Duration timeout) {
    /** The timeout of a call for which no other is set. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    private static final String JSON = "application/json";
    private static final String TAR = "application/x-tar";

    /** Returns a GET call. */
    public static EngineCall get(String path) {
        return new EngineCall("GET", path, Optional.empty(), JSON, DEFAULT_TIMEOUT);
    }

    /** Returns a GET call of a list with filters. */
    public static EngineCall list(String path, Map<String, List<String>> filters) {
        return list(path, Json.of(filters));
    }

    /** Returns a GET call of a list with filters in the form of the engine's API. */
    public static EngineCall list(String path, Json filters) {
        return get(path + (path.indexOf('?') < 0 ? "?" : "&") + "filters="
                + URLEncoder.encode(filters.toString(), StandardCharsets.UTF_8));
    }

    /** Returns a POST call without a body. */
    public static EngineCall post(String path) {
        return new EngineCall("POST", path, Optional.empty(), JSON, DEFAULT_TIMEOUT);
    }

    /** Returns a POST call with a JSON body. */
    public static EngineCall post(String path, Json body) {
        byte[] bytes = body.bytes();
        return new EngineCall("POST", path, Optional.of(() -> new ByteArrayInputStream(bytes)), JSON, DEFAULT_TIMEOUT);
    }

    /** Returns a POST call with a TAR archive as its body. */
    public static EngineCall post(String path, Supplier<InputStream> tar) {
        return new EngineCall("POST", path, Optional.of(tar), TAR, DEFAULT_TIMEOUT);
    }

    /** Returns a PUT call with a TAR archive as its body. */
    public static EngineCall put(String path, byte[] tar) {
        return new EngineCall("PUT", path, Optional.of(() -> new ByteArrayInputStream(tar)), TAR, DEFAULT_TIMEOUT);
    }

    /** Returns a DELETE call. */
    public static EngineCall delete(String path) {
        return new EngineCall("DELETE", path, Optional.empty(), JSON, DEFAULT_TIMEOUT);
    }

    /** Returns this call with another timeout. */
    public EngineCall withTimeout(Duration other) {
        return new EngineCall(method, path, body, type, other);
    }

    @Override
    public String toString() {
        int query = path.indexOf('?');
        return method + " " + (query < 0 ? path : path.substring(0, query));
    }
}
