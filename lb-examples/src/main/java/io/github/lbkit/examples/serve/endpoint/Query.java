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

/** The parameters of a request's query, percent-decoded. Immutable. */
final class Query {
    private final Map<String, List<String>> values;

    private Query(Map<String, List<String>> values) {
        this.values = values;
    }

    /** Refuses a parameter that is not among the allowed, and one that cannot be decoded. */
    static Query of(RequestHead head, Set<String> allowed) throws Refusal {
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

    /** The parameter's value; refused if it stands twice. */
    Optional<String> one(String name) throws Refusal {
        List<String> all = all(name);
        if (all.size() > 1) {
            throw new Refusal(400, "parameter '" + name + "' stands " + all.size() + " times; allowed: once");
        }
        return all.stream().findFirst();
    }

    /** Every value of the parameter. */
    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** Whether the parameter is {@code true}; absent is false, anything but true and false is refused. */
    boolean flag(String name) throws Refusal {
        String value = one(name).orElse("false");
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new Refusal(400, "parameter '" + name + "' is '" + value + "'; allowed: true, false");
        };
    }
}
