package io.github.lbkit.api.pool.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * When a process started: what tells the process from a later one with the same id. Where the system has {@code /proc}, the
 * start is counted in ticks since the boot, and so does not move when somebody sets the clock. Immutable.
 *
 * @param boot the id of the boot; empty if the system does not tell
 * @param ticks the ticks from the boot to the start; 0 if the system does not tell
 * @param millis the start by the system's clock, as it was when this was read; used where there are no ticks
 */
record ProcessStart(String boot, long ticks, long millis) {
    /** No process has started. */
    static final ProcessStart NONE = new ProcessStart("", 0, 0);

    private static final Path PROC = Path.of("/proc");

    /** The system may know the time of its boot to the second. */
    private static final long SAME_MILLIS = 1500;

    /** In {@code /proc/PID/stat}, counted from the field after the command's closing parenthesis. */
    private static final int START_TIME = 19;

    /** The start of the process of this id, as far as the system tells. */
    static ProcessStart of(ProcessHandle process, long nowMillis) {
        return read(
                PROC,
                process.pid(),
                process.info().startInstant().map(Instant::toEpochMilli).orElse(nowMillis));
    }

    static ProcessStart read(Path proc, long pid, long millis) {
        try {
            String boot =
                    Files.readString(proc.resolve("sys/kernel/random/boot_id")).trim();
            String stat = Files.readString(proc.resolve(Long.toString(pid)).resolve("stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return new ProcessStart(boot, Long.parseLong(fields[START_TIME]), millis);
        } catch (IOException | RuntimeException e) {
            return new ProcessStart("", 0, millis);
        }
    }

    /** Whether the ticks are known. */
    boolean isExact() {
        return !boot.isEmpty() && ticks > 0;
    }

    /** Whether both are the start of one process, given that they have one process id. */
    boolean isSame(ProcessStart other) {
        boolean exact = isExact() && other.isExact();
        return exact ? ticks == other.ticks && boot.equals(other.boot) : Math.abs(millis - other.millis) < SAME_MILLIS;
    }
}
