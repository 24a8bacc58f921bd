package io.github.lbkit.examples.serve.settings;

import java.time.Duration;
import java.util.Locale;

/** The checks that several settings share. Stateless. */
final class OptionChecks {
    private OptionChecks() {}

    /** Returns the index of the value among the allowed words, ignoring case; refuses any other word. */
    static int choice(String option, String value, String... allowed) {
        for (int i = 0; i < allowed.length; i++) {
            if (allowed[i].equals(value.toLowerCase(Locale.ROOT))) {
                return i;
            }
        }
        throw new SettingException(option, value, String.join(", ", allowed));
    }

    /** Returns whether a switch with the words on, off and auto is on; auto takes the given value. */
    static boolean isOn(String option, String value, boolean auto) {
        int choice = choice(option, value, "on", "off", "auto");
        return choice == 0 || (choice == 2 && auto);
    }

    /** Returns the value; refuses a value below 1. */
    static int atLeastOne(String option, int value) {
        if (value < 1) {
            throw new SettingException(option, String.valueOf(value), "1 or more");
        }
        return value;
    }

    /** Returns a number of milliseconds as a duration; refuses a number below 1. */
    static Duration millis(String option, long value) {
        if (value < 1) {
            throw new SettingException(option, String.valueOf(value), "milliseconds, 1 or more");
        }
        return Duration.ofMillis(value);
    }
}
