package io.github.lbkit.http;

import java.time.Duration;

/** The range checks of settings. Stateless. */
final class Settings {
    /** The longest duration of a setting. */
    private static final Duration LONGEST = Duration.ofDays(365);

    private Settings() {}

    /**
     * Returns the value if it is in the range, both inclusive.
     *
     * @param setting the name of the setting, for the message of the exception
     */
    static int within(String setting, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(setting + " " + value + " is not within " + min + " to " + max);
        }
        return value;
    }

    /**
     * Returns the value if it is positive and at most 365 days.
     *
     * @param setting the name of the setting, for the message of the exception
     */
    static Duration duration(String setting, Duration value) {
        if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    setting + " " + value + " is not positive and at most " + LONGEST.toDays() + " days");
        }
        return value;
    }
}
