package io.github.lbkit.api.pool.spi;

import io.github.lbkit.api.internal.VisibleText;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A URI that opens a pool: {@code scheme:body?name=value&name=value}. Values are percent-decoded, the body is not. An
 * option may occur more than once, if its provider allows that. Immutable.
 *
 * @param scheme lower case
 * @param body the text between the scheme and the options; may be empty
 * @param options the values of each option by its name, in the order of the URI
 */
public record PoolUri(String scheme, String body, Map<String, List<String>> options) {
    /** Checks the scheme and copies the map. */
    public PoolUri {
        if (!scheme.matches("[a-z][a-z0-9+.-]*")) {
            throw new IllegalArgumentException("'" + VisibleText.of(scheme) + "' is not the scheme of a pool");
        }
        Map<String, List<String>> copies = new LinkedHashMap<>();
        options.forEach((name, values) -> copies.put(name, List.copyOf(values)));
        options = Map.copyOf(copies);
    }

    /**
     * Parses a URI; {@code scheme} alone is allowed.
     *
     * @throws IllegalArgumentException if the URI has no scheme, or an option has no value
     */
    public static PoolUri parse(String uri) {
        int colon = uri.indexOf(':');
        String scheme = colon < 0 ? uri : uri.substring(0, colon);
        String rest = colon < 0 ? "" : uri.substring(colon + 1);
        int query = rest.indexOf('?');
        Map<String, List<String>> options = new LinkedHashMap<>();
        if (query >= 0) {
            for (String option : rest.substring(query + 1).split("&", -1)) {
                int equals = option.indexOf('=');
                if (equals < 1) {
                    throw new IllegalArgumentException(
                            VisibleText.of("'" + option + "' in '" + uri + "' is not name=value"));
                }
                String name = option.substring(0, equals);
                String value = URLDecoder.decode(option.substring(equals + 1), StandardCharsets.UTF_8);
                options.computeIfAbsent(name, first -> new ArrayList<>()).add(value);
            }
        }
        return new PoolUri(scheme, query < 0 ? rest : rest.substring(0, query), options);
    }

    /**
     * Returns the value of an option.
     *
     * @throws IllegalArgumentException if the option occurs more than once
     */
    public Optional<String> option(String name) {
        List<String> values = all(name);
        if (values.size() > 1) {
            throw new IllegalArgumentException("option '" + VisibleText.of(name) + "' of " + scheme + ": stands "
                    + values.size() + " times; it may stand once");
        }
        return values.stream().findFirst();
    }

    /** Returns all values of an option in the order of the URI; empty without the option. */
    public List<String> all(String name) {
        return options.getOrDefault(name, List.of());
    }

    /** Returns the value of an option as a number within bounds, or the default. */
    public int intOption(String name, int defaultValue, int min, int max) {
        Optional<String> given = option(name);
        if (given.isEmpty()) {
            return defaultValue;
        }
        String value = given.get();
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
