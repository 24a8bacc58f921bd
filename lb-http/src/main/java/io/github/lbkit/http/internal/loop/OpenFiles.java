package io.github.lbkit.http.internal.loop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The number of files that the process may have open, as far as the system tells it, and how many connections of clients go
 * with that number. Immutable.
 */
public final class OpenFiles {
    /** The files that a process needs besides its connections, at least. */
    private static final int BASE = 100;

    private static final Path PROC = Path.of("/proc/self");

    private final long limit;
    private final long base;

    /**
     * @param limit how many files the process may have open
     * @param open how many files it has open now
     */
    OpenFiles(long limit, long open) {
        this.limit = limit;
        base = Math.max(BASE, open);
    }

    /** Asks the system, by /proc; where there is no such thing, no limit is known. */
    public static OpenFiles now() {
        try (Stream<Path> open = Files.list(PROC.resolve("fd"))) {
            return new OpenFiles(limit(Files.readAllLines(PROC.resolve("limits"))), open.count());
        } catch (IOException | RuntimeException unknown) {
            return new OpenFiles(Long.MAX_VALUE, 0);
        }
    }

    /** The soft limit in the lines of /proc/self/limits. */
    static long limit(List<String> lines) {
        for (String line : lines) {
            if (line.startsWith("Max open files")) {
                String soft = line.substring("Max open files".length()).strip().split("\\s+", 2)[0];
                return soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft);
            }
        }
        return Long.MAX_VALUE;
    }

    /** How many files the process may have open. */
    public long limit() {
        return limit;
    }

    /**
     * Returns how many connections of clients there may be: half of what is left of the limit after the base, so that the
     * other half is there for connections to servers; at most so many as are wanted, and at least one.
     */
    public int clients(int wanted) {
        return (int) Math.max(1, Math.min(wanted, (limit - base) / 2));
    }
}
