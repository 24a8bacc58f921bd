package io.github.lbkit.api.pool.process;

import io.github.lbkit.api.internal.VisibleText;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A description of the end of a process, for launchers: its exit code, its signal and its last output. */
public final class ProcessEnd {
    /** The maximum number of lines of an output. */
    public static final int LINES = 20;

    /** The maximum number of characters of an output; the newest are kept. */
    public static final int CHARACTERS = 4_000;

    /** The exit codes above this number mean the end by a signal. */
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

    /** Returns the exit code, with the name of the signal if it means one: {@code 137 (SIGKILL)}. */
    public static String code(int exitCode) {
        String signal = SIGNALS.get(exitCode - SIGNALLED);
        return signal == null ? String.valueOf(exitCode) : exitCode + " (" + signal + ")";
    }

    /**
     * Returns the last lines of an output as one line, each in quotes and with visible control characters: {@code
     * 'first' | 'second'}. At most {@value #LINES} lines and {@value #CHARACTERS} characters; empty if the output is
     * blank.
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
