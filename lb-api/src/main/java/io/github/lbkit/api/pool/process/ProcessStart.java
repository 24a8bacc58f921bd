package io.github.lbkit.api.pool.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * The start of a process, which distinguishes it from a later process with the same id. Where the system has {@code
 * /proc}, the start is counted in ticks since the boot, and does not move when the clock is set. Immutable.
 *
 * @param boot the id of the boot; empty if the system does not provide it
 * @param ticks the ticks from the boot to the start; 0 if the system does not provide them
 * @param millis the start by the system's clock at the time of reading, in milliseconds since the epoch; used if there
 *     are no ticks
 */
record ProcessStart(String boot, long ticks, long millis) {
    /** The start of no process. */
    static final ProcessStart NONE = new ProcessStart("", 0, 0);

    private static final Path PROC = Path.of("/proc");

    /** The tolerance in milliseconds: the system may know the time of its boot to the second only. */
    private static final long SAME_MILLIS = 1500;

    /**
     * The index of the start time in {@code /proc/PID/stat}, counted from the field after the command's closing
     * parenthesis.
     */
    private static final int START_TIME = 19;

    /** Returns the start of this process, as far as the system provides it. */
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

    /** Returns whether the ticks are known. */
    boolean isExact() {
        return !boot.isEmpty() && ticks > 0;
    }

    /** Returns whether both are the start of the same process, given that the process ids are equal. */
    boolean isSame(ProcessStart other) {
        boolean exact = isExact() && other.isExact();
        return exact ? ticks == other.ticks && boot.equals(other.boot) : Math.abs(millis - other.millis) < SAME_MILLIS;
    }
}
