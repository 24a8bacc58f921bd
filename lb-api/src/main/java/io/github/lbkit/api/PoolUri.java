package io.github.lbkit.api;

import io.github.lbkit.api.internal.VisibleText;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * {@code scheme:body?name=value&name=value}: what a pool is opened by. Values are percent-decoded, the body is not.
 * Immutable.
 *
 * @param scheme lower case
 * @param body what stands between the scheme and the options; may be empty
 * @param options by name
 */
public record PoolUri(String scheme, String body, Map<String, String> options) {
    /** Checks and copies. */
    public PoolUri {
        if (!scheme.matches("[a-z][a-z0-9+.-]*")) {
            throw new IllegalArgumentException("'" + VisibleText.of(scheme) + "' is not the scheme of a pool");
        }
        options = Map.copyOf(options);
    }

    /**
     * Takes a URI apart; {@code scheme} alone is allowed.
     *
     * @throws IllegalArgumentException if it has no scheme, or an option has no value or stands twice
     */
    public static PoolUri parse(String uri) {
        int colon = uri.indexOf(':');
        String scheme = colon < 0 ? uri : uri.substring(0, colon);
        String rest = colon < 0 ? "" : uri.substring(colon + 1);
        int query = rest.indexOf('?');
        Map<String, String> options = new LinkedHashMap<>();
        if (query >= 0) {
            for (String option : rest.substring(query + 1).split("&", -1)) {
                int equals = option.indexOf('=');
                if (equals < 1) {
                    throw new IllegalArgumentException(
                            VisibleText.of("'" + option + "' in '" + uri + "' is not name=value"));
                }
                String name = option.substring(0, equals);
                String value = URLDecoder.decode(option.substring(equals + 1), StandardCharsets.UTF_8);
                if (options.put(name, value) != null) {
                    throw new IllegalArgumentException(
                            VisibleText.of("option '" + name + "' stands twice in '" + uri + "'"));
                }
            }
        }
        return new PoolUri(scheme, query < 0 ? rest : rest.substring(0, query), options);
    }

    /** The option of this name. */
    public Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name));
    }

    /** The option of this name as a number within bounds, or the default. */
    public int intOption(String name, int defaultValue, int min, int max) {
        String value = options.get(name);
        if (value == null) {
            return defaultValue;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // refused below, as a number out of bounds is
        }
        throw new IllegalArgumentException("option '" + name + "' of " + scheme + ": '" + VisibleText.of(value)
                + "' is not a number from " + min + " to " + max);
    }

    @Override
    public String toString() {
        return scheme + ":" + body;
    }
}
