package io.github.lbkit.api.pool.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A mark in the environment of every launched process. It finds a process whose owner was killed after the start of
 * the process and before its id was recorded. Works only where the system shows environments in {@code /proc}.
 */
final class ProcessMark {
    /** The name of the environment variable. */
    static final String VARIABLE = "LBKIT_INSTANCE";

    private static final int FIRST_SIZE = 1 << 16;
    private static final int READS = 20;
    private static final Duration BETWEEN_READS = Duration.ofMillis(1);

    private ProcessMark() {}

    /** Returns the process that carries this mark and whose parent does not; children inherit the mark. */
    static Optional<ProcessHandle> find(String mark) {
        return ProcessHandle.allProcesses()
                .filter(process -> carries(process, mark))
                .filter(process ->
                        process.parent().filter(parent -> carries(parent, mark)).isEmpty())
                .findFirst();
    }

    /** Returns whether this process carries this mark; false if the system does not show environments. */
    static boolean carries(ProcessHandle process, String mark) {
        return environment(process).contains("\0" + VARIABLE + "=" + mark + "\0");
    }

    /**
     * Returns whether this process carries the mark of another instance. A process may have overwritten its
     * environment.
     */
    static boolean isAnother(ProcessHandle process, String mark) {
        String all = environment(process);
        return all.contains("\0" + VARIABLE + "=") && !all.contains("\0" + VARIABLE + "=" + mark + "\0");
    }

    /**
     * Returns the environment of a process, with a zero byte between variables. The system shows an empty environment
     * for a moment while a process executes another program, so that an empty one is read again. Kernel threads and
     * ended processes have no environment.
     */
    private static String environment(ProcessHandle process) {
        Path directory = Path.of("/proc", Long.toString(process.pid()));
        try {
            String all = readAtOnce(directory.resolve("environ"));
            for (int i = 0; all.isEmpty() && i < READS && Files.exists(directory.resolve("exe")); i++) {
                LockSupport.parkNanos(BETWEEN_READS.toNanos());
                all = readAtOnce(directory.resolve("environ"));
            }
            return "\0" + all + "\0";
        } catch (IOException e) {
            return "";
        }
    }

    /**
     * Reads by one system call: a second one would end early if the process has executed another program in between.
     */
    private static String readAtOnce(Path environment) throws IOException {
        for (int size = FIRST_SIZE; ; size *= 2) {
            try (InputStream in = Files.newInputStream(environment)) {
                byte[] buffer = new byte[size];
                int length = Math.max(0, in.read(buffer));
                if (length < size) {
                    return new String(buffer, 0, length, StandardCharsets.UTF_8);
                }
            }
        }
    }
}
