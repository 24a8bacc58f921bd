package io.github.lbkit.testkit.docker.internal.container;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The names and numbers of signals. */
final class Signals {
    private static final Map<String, String> NUMBERS =
            Map.of("HUP", "1", "INT", "2", "QUIT", "3", "KILL", "9", "USR1", "10", "USR2", "12", "TERM", "15");
    private static final Set<String> ENDING = Set.of("2", "3", "9", "15");

    private Signals() {}

    /** Returns the number of a signal, which is given by number or name. */
    static String number(String signal) {
        String upper = signal.toUpperCase(Locale.ROOT);
        return NUMBERS.getOrDefault(upper.startsWith("SIG") ? upper.substring(3) : upper, signal);
    }

    /** Returns whether the signal ends a process that does not handle it. */
    static boolean ends(String number) {
        return ENDING.contains(number);
    }
}
