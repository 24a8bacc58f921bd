package io.github.lbkit.testkit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The file that the tests' log is written to, as {@code simplelogger.properties} says, from where it was read last. */
public final class LogFile {
    private static final Path FILE = Path.of("target", "tests.log");

    private long read;

    /** The log from here on. */
    public LogFile() {
        skip();
    }

    /** What was written so far is not read. */
    public void skip() {
        try {
            read = Files.exists(FILE) ? Files.size(FILE) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines since the last reading, without the lines of stack traces. */
    public List<String> lines() {
        try (RandomAccessFile file = new RandomAccessFile(FILE.toFile(), "r")) {
            read = read > file.length() ? 0 : read; // the log begins anew with the first line of a run
            byte[] bytes = new byte[(int) (file.length() - read)];
            file.seek(read);
            file.readFully(bytes);
            read += bytes.length;
            return new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("["))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
