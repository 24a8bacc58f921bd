package io.github.lbkit.hashing.internal.policy;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The options of a policy as people write them; refuses by name what does not fit. */
record PolicyOptions(Map<String, String> given) {
    /** A whole number; what it may be is checked by whoever takes it. */
    int number(String option, int defaultValue) {
        String value = given.get(option);
        if (value == null) {
            return defaultValue;
        }
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("option " + option + " '" + value + "' is not a whole number", e);
        }
    }

    /** A decimal number. */
    double decimal(String option, double defaultValue) {
        String value = given.get(option);
        if (value == null) {
            return defaultValue;
        }
        if (!value.matches("[0-9]{1,9}(\\.[0-9]{1,9})?")) {
            throw new IllegalArgumentException(
                    "option " + option + " '" + value + "' is not a decimal number such as 0.05");
        }
        return Double.parseDouble(value);
    }

    /** One of the constants, in lower case with hyphens. */
    <E extends Enum<E>> E choice(String option, Class<E> constants, E defaultValue) {
        String value = given.get(option);
        if (value == null) {
            return defaultValue;
        }
        for (E constant : constants.getEnumConstants()) {
            if (written(constant).equals(value)) {
                return constant;
            }
        }
        String allowed = Arrays.stream(constants.getEnumConstants())
                .map(PolicyOptions::written)
                .collect(Collectors.joining(" or "));
        throw new IllegalArgumentException("option " + option + " '" + value + "' is not " + allowed);
    }

    private static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
