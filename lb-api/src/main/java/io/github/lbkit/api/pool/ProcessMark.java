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

    private static boolean carries(ProcessHandle process, String mark) {
        try {
            Path environment = Path.of("/proc", Long.toString(process.pid()), "environ");
            String all = "\0" + new String(Files.readAllBytes(environment), StandardCharsets.UTF_8) + "\0";
            return all.contains("\0" + VARIABLE + "=" + mark + "\0");
        } catch (IOException e) {
            return false;
        }
    }
}
