package io.github.lbkit.api.pool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A mark in the environment of every process that is launched. It finds the process whose owner was killed after it had
 * started it and before it had recorded its id; only where the system shows environments in {@code /proc}.
 */
final class ProcessMark {
    /** The environment variable. */
    static final String VARIABLE = "LBKIT_INSTANCE";

    private ProcessMark() {}

    /** The process that carries this mark, and whose parent does not: its children inherit the mark. */
    static Optional<ProcessHandle> find(String mark) {
        return ProcessHandle.allProcesses()
                .filter(process -> carries(process, mark))
                .filter(process ->
                        process.parent().filter(parent -> carries(parent, mark)).isEmpty())
                .findFirst();
    }

    /** Whether this process carries this mark; no where the system does not show environments. */
    static boolean carries(ProcessHandle process, String mark) {
        return environment(process).contains("\0" + VARIABLE + "=" + mark + "\0");
    }

    /** Whether this process carries the mark of another instance. A process may have overwritten its environment. */
    static boolean isAnother(ProcessHandle process, String mark) {
        String all = environment(process);
        return all.contains("\0" + VARIABLE + "=") && !all.contains("\0" + VARIABLE + "=" + mark + "\0");
    }

    private static String environment(ProcessHandle process) {
        try {
            Path environment = Path.of("/proc", Long.toString(process.pid()), "environ");
            return "\0" + new String(Files.readAllBytes(environment), StandardCharsets.UTF_8) + "\0";
        } catch (IOException e) {
            return "";
        }
    }
}
