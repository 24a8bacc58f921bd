package io.github.lbkit.http.internal.admission;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The limit of open files of this process, and the number of client connections that fits under it. Immutable. */
public final class OpenFiles {
    /** The least number of files reserved for other purposes than connections. */
    private static final int BASE = 100;

    private static final Path PROC = Path.of("/proc/self");

    private final long limit;
    private final long base;

    /**
     * Creates a limit.
     *
     * @param limit the maximum number of open files
     * @param open the number of files open now
     */
    OpenFiles(long limit, long open) {
        this.limit = limit;
        base = Math.max(BASE, open);
    }

    /** Reads the limit from /proc. On a system without /proc, the limit is {@link Long#MAX_VALUE}. */
    public static OpenFiles now() {
        try (Stream<Path> open = Files.list(PROC.resolve("fd"))) {
            return new OpenFiles(limit(Files.readAllLines(PROC.resolve("limits"))), open.count());
        } catch (IOException | RuntimeException unknown) {
            return new OpenFiles(Long.MAX_VALUE, 0);
        }
    }

    /** Returns the soft limit in the lines of /proc/self/limits. */
    static long limit(List<String> lines) {
        for (String line : lines) {
            if (line.startsWith("Max open files")) {
                String soft = line.substring("Max open files".length()).strip().split("\\s+", 2)[0];
                return soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft);
            }
        }
        return Long.MAX_VALUE;
    }

    /** Returns the maximum number of open files. */
    public long limit() {
        return limit;
    }

    /**
     * Returns the number of client connections that the limit allows, at least 1 and at most the wanted number. Client
     * connections get half of the files that are not reserved; the other half is for connections to servers.
     */
    public int clients(int wanted) {
        return (int) Math.max(1, Math.min(wanted, (limit - base) / 2));
    }
}
