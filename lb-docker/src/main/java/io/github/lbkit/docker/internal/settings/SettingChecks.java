package io.github.lbkit.docker.internal.settings;

import java.time.Duration;

/**
 * Checks of settings; each returns the value, or throws an exception that names the setting, the value and what is
 * allowed.
 */
public final class SettingChecks {
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}";
    private static final int MAX_PORT = 65_535;

    private SettingChecks() {}

    /**
     * Returns a name of 1 to 63 letters, digits, dots, underscores and hyphens.
     *
     * @param before the words before the value in the message
     * @param after the words after the value in the message, before the rule
     */
    public static String name(String before, String value, String after) {
        if (!value.matches(NAME)) {
            throw new IllegalArgumentException(
                    before + " '" + value + "'" + after + " is not 1 to 63 of letters, digits, '.', '_', '-'");
        }
        return value;
    }

    /** Returns a port from 1 to 65535. */
    public static int port(String setting, int value) {
        return range(setting, value, 1, MAX_PORT);
    }

    /** Returns a number from {@code min} to {@code max}. */
    public static int range(String setting, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(setting + " " + value + " is not within " + min + " to " + max);
        }
        return value;
    }

    /** Returns a duration above zero. */
    public static Duration positive(String setting, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(setting + " " + value + " is not positive");
        }
        return value;
    }

    /** Returns a duration of zero or more. */
    public static Duration notNegative(String setting, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(setting + " " + value + " is negative");
        }
        return value;
    }

    /** Returns a text that is not empty and has no white space. */
    public static String word(String setting, String value) {
        if (value.isBlank() || value.chars().anyMatch(c -> c <= ' ')) {
            throw new IllegalArgumentException(setting + " '" + value + "' is not one word");
        }
        return value;
    }
}
