package io.github.lbkit.hashing.internal.policy;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The textual options of a policy. Messages about a wrong value name the option. Immutable. */
record TextualOptions(Map<String, String> values) {
    /** Returns a whole number. The receiver checks its range. */
    int number(String option, int defaultValue) {
        String value = values.get(option);
        if (value == null) {
            return defaultValue;
        }
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("option " + option + " '" + value + "' is not a whole number", e);
        }
    }

    /** Returns a decimal number. */
    double decimal(String option, double defaultValue) {
        String value = values.get(option);
        if (value == null) {
            return defaultValue;
        }
        if (!value.matches("[0-9]{1,9}(\\.[0-9]{1,9})?")) {
            throw new IllegalArgumentException(
                    "option " + option + " '" + value + "' is not a decimal number such as 0.05");
        }
        return Double.parseDouble(value);
    }

    /** Returns the constant that is named in lower case with hyphens. */
    <E extends Enum<E>> E choice(String option, Class<E> constants, E defaultValue) {
        String value = values.get(option);
        if (value == null) {
            return defaultValue;
        }
        for (E constant : constants.getEnumConstants()) {
            if (textOf(constant).equals(value)) {
                return constant;
            }
        }
        String allowed = Arrays.stream(constants.getEnumConstants())
                .map(TextualOptions::textOf)
                .collect(Collectors.joining(" or "));
        throw new IllegalArgumentException("option " + option + " '" + value + "' is not " + allowed);
    }

    private static String textOf(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
