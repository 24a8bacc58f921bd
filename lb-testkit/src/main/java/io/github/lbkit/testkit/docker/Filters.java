package io.github.lbkit.testkit.docker;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The {@code filters} of a call: for each name the values of which one must match. Clients write them as lists, or as objects
 * whose names are the values. Immutable.
 */
final class Filters {
    private final Map<String, List<String>> byName = new LinkedHashMap<>();

    Filters(String json) {
        Json.parseObject(json)
                .forEach((name, values) -> byName.put(
                        name,
                        values instanceof Map<?, ?> map
                                ? map.keySet().stream().map(String.class::cast).toList()
                                : values instanceof Collection<?> list
                                        ? list.stream().map(Object::toString).toList()
                                        : List.of()));
    }

    /** Whether nothing is asked under this name, or one of the values asked for passes. */
    boolean any(String name, Predicate<String> passes) {
        List<String> values = byName.getOrDefault(name, List.of());
        return values.isEmpty() || values.stream().anyMatch(passes);
    }

    /** Whether all labels asked for are there: {@code name}, or {@code name=value}. */
    boolean labels(Map<String, String> labels) {
        return byName.getOrDefault("label", List.of()).stream().allMatch(asked -> {
            int equals = asked.indexOf('=');
            return equals < 0
                    ? labels.containsKey(asked)
                    : asked.substring(equals + 1).equals(labels.get(asked.substring(0, equals)));
        });
    }
}
