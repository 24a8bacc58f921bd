package io.github.lbkit.testkit.docker.internal.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One call of a client. Immutable, except the bytes of its body. */
public final class Request {
    private static final Pattern TARGET =
            Pattern.compile("(?:/v(?<version>\\d+\\.\\d+))?(?<path>/[^?]*)(?:\\?(?<query>.*))?");

    private final String method;
    private final @Nullable String version;
    private final String path;
    private final Map<String, String> query;
    private final byte[] body;

    private Request(String method, @Nullable String version, String path, Map<String, String> query, byte[] body) {
        this.method = method;
        this.version = version;
        this.path = path;
        this.query = query;
        this.body = body;
    }

    static Request of(String method, String target, byte[] body) {
        Matcher parts = TARGET.matcher(target);
        if (!parts.matches()) {
            throw new EngineError(400, "'" + target + "' is not a path");
        }
        Map<String, String> query = new LinkedHashMap<>();
        String pairs = parts.group("query");
        if (pairs != null && !pairs.isEmpty()) {
            for (String pair : pairs.split("&", -1)) {
                int equals = pair.indexOf('=');
                query.put(
                        decode(equals < 0 ? pair : pair.substring(0, equals)),
                        equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        }
        return new Request(method, parts.group("version"), decode(parts.group("path")), query, body);
    }

    /** The HTTP method. */
    public String method() {
        return method;
    }

    /** The API version in the path, such as {@code 1.41}. */
    Optional<String> version() {
        return Optional.ofNullable(version);
    }

    /** The decoded path, without API version and query. */
    public String path() {
        return path;
    }

    /** The decoded query parameters by name. */
    public Map<String, String> query() {
        return query;
    }

    /** The body, without its framing. */
    public byte[] body() {
        return body;
    }

    /** Returns the call as {@code METHOD /path}. */
    String call() {
        return method + " " + path;
    }

    /** Returns a query parameter, or the default. */
    public String query(String name, String defaultValue) {
        return query.getOrDefault(name, defaultValue);
    }

    /** Returns whether a query parameter is {@code 1} or {@code true}. */
    public boolean flag(String name) {
        String value = query.getOrDefault(name, "");
        return value.equals("1") || value.equalsIgnoreCase("true");
    }

    /** Parses the body as a JSON object. */
    public Map<String, Object> json() {
        return JsonValues.parseObject(new String(body, StandardCharsets.UTF_8));
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
