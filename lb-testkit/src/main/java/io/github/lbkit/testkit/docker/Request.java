package io.github.lbkit.testkit.docker;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One call of a client. Immutable, but for its body's bytes. */
final class Request {
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
        String asked = parts.group("query");
        if (asked != null && !asked.isEmpty()) {
            for (String pair : asked.split("&", -1)) {
                int equals = pair.indexOf('=');
                query.put(
                        decode(equals < 0 ? pair : pair.substring(0, equals)),
                        equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        }
        return new Request(method, parts.group("version"), decode(parts.group("path")), query, body);
    }

    String method() {
        return method;
    }

    /** The API version that stands before the path, such as {@code 1.41}. */
    Optional<String> version() {
        return Optional.ofNullable(version);
    }

    /** Without version and query. */
    String path() {
        return path;
    }

    /** Decoded, by name. */
    Map<String, String> query() {
        return query;
    }

    /** As it was sent, without its framing. */
    byte[] body() {
        return body;
    }

    /** The call as people write it. */
    String call() {
        return method + " " + path;
    }

    String query(String name, String otherwise) {
        return query.getOrDefault(name, otherwise);
    }

    /** Whether this is set to something that means yes. */
    boolean flag(String name) {
        String value = query.getOrDefault(name, "");
        return value.equals("1") || value.equalsIgnoreCase("true");
    }

    Map<String, Object> json() {
        return Json.parseObject(new String(body, StandardCharsets.UTF_8));
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
