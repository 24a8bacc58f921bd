package io.github.lbkit.api.pool.process;

import io.github.lbkit.api.internal.VisibleText;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Words for the end of a process, for launchers: its exit code with the signal that it stands for, and what it wrote last. */
public final class ProcessEnd {
    /** How many lines of an output are told. */
    public static final int LINES = 20;

    /** How many characters of an output are told at most; the newest count. */
    public static final int CHARACTERS = 4_000;

    /** An exit code above this means the end by a signal. */
    private static final int SIGNALLED = 128;

    private static final Map<Integer, String> SIGNALS = Map.ofEntries(
            Map.entry(1, "SIGHUP"),
            Map.entry(2, "SIGINT"),
            Map.entry(3, "SIGQUIT"),
            Map.entry(4, "SIGILL"),
            Map.entry(5, "SIGTRAP"),
            Map.entry(6, "SIGABRT"),
            Map.entry(7, "SIGBUS"),
            Map.entry(8, "SIGFPE"),
            Map.entry(9, "SIGKILL"),
            Map.entry(11, "SIGSEGV"),
            Map.entry(13, "SIGPIPE"),
            Map.entry(14, "SIGALRM"),
            Map.entry(15, "SIGTERM"),
            Map.entry(24, "SIGXCPU"),
            Map.entry(25, "SIGXFSZ"),
            Map.entry(31, "SIGSYS"));

    private ProcessEnd() {}

    /** The exit code, with the name of the signal if it stands for one: {@code 137 (SIGKILL)}. */
    public static String code(int exitCode) {
        String signal = SIGNALS.get(exitCode - SIGNALLED);
        return signal == null ? String.valueOf(exitCode) : exitCode + " (" + signal + ")";
    }

    /**
     * The last lines of an output on one line, each in quotes, control characters made visible: {@code 'first' | 'second'}.
     * At most {@value #LINES} lines and {@value #CHARACTERS} characters of it; empty if there is nothing but blanks.
     */
    public static String lastLines(String output) {
        List<String> lines = output.lines()
                .map(String::stripTrailing)
                .filter(line -> !line.isBlank())
                .toList();
        String told = lines.stream()
                .skip(Math.max(0, lines.size() - LINES))
                .map(line -> "'" + VisibleText.of(line) + "'")
                .collect(Collectors.joining(" | "));
        return told.length() <= CHARACTERS ? told : "… " + told.substring(told.length() - CHARACTERS);
    }
}
