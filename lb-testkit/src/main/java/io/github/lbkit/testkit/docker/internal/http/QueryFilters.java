package io.github.lbkit.testkit.docker.internal.http;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The {@code filters} parameter of a call: names, and for each name its values, of which one must match. Clients write
 * the values as a list, or as an object whose names are the values. Immutable.
 */
public final class QueryFilters {
    private final Map<String, List<String>> byName = new LinkedHashMap<>();

    /** Parses the parameter; an empty text has no filters. */
    public QueryFilters(String json) {
        JsonValues.parseObject(json)
                .forEach((name, values) -> byName.put(
                        name,
                        values instanceof Map<?, ?> map
                                ? map.keySet().stream().map(String.class::cast).toList()
                                : values instanceof Collection<?> list
                                        ? list.stream().map(Object::toString).toList()
                                        : List.of()));
    }

    /** Returns whether one of the values of this name passes, or the name has no values. */
    public boolean any(String name, Predicate<String> passes) {
        List<String> values = byName.getOrDefault(name, List.of());
        return values.isEmpty() || values.stream().anyMatch(passes);
    }

    /** Returns whether these labels satisfy every filter of the kind label: {@code name}, or {@code name=value}. */
    public boolean labels(Map<String, String> labels) {
        return byName.getOrDefault("label", List.of()).stream().allMatch(wanted -> {
            int equals = wanted.indexOf('=');
            return equals < 0
                    ? labels.containsKey(wanted)
                    : wanted.substring(equals + 1).equals(labels.get(wanted.substring(0, equals)));
        });
    }
}
