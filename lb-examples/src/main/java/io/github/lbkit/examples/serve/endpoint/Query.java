package io.github.lbkit.examples.serve.endpoint;

import io.github.lbkit.http.RequestHead;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The percent-decoded parameters of a request's query. Immutable. */
public final class Query {
    private final Map<String, List<String>> values;

    private Query(Map<String, List<String>> values) {
        this.values = values;
    }

    /** Parses the query of a request; refuses unknown parameters, and parameters that cannot be decoded. */
    public static Query of(RequestHead head, Set<String> allowed) throws Refusal {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String pair : head.query().orElse("").split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            if (!allowed.contains(name)) {
                throw new Refusal(
                        400,
                        "parameter '" + name + "' is not known here; "
                                + (allowed.isEmpty() ? "none is" : "allowed: " + String.join(", ", allowed)));
            }
            values.computeIfAbsent(name, n -> new ArrayList<>())
                    .add(decoded(equals < 0 ? "" : pair.substring(equals + 1)));
        }
        return new Query(values);
    }

    private static String decoded(String raw) throws Refusal {
        try {
            return URLDecoder.decode(raw, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, "'" + raw + "' in the query is not percent-encoded");
        }
    }

    /** Returns the value of a parameter; refuses a parameter that is given twice. */
    public Optional<String> one(String name) throws Refusal {
        List<String> all = all(name);
        if (all.size() > 1) {
            throw new Refusal(400, "parameter '" + name + "' is given " + all.size() + " times; allowed: once");
        }
        return all.stream().findFirst();
    }

    /** Returns all values of a parameter. */
    public List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /**
     * Returns whether the parameter is {@code true}; false if it is absent. Refuses other values than true and false.
     */
    public boolean flag(String name) throws Refusal {
        String value = one(name).orElse("false");
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new Refusal(400, "parameter '" + name + "' is '" + value + "'; allowed: true, false");
        };
    }
}
