package io.github.lbkit.http;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The lines that are logged while it is open, which the logger of the tests writes to standard error. */
final class CapturedLog implements AutoCloseable {
    private final PrintStream before = System.err;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    CapturedLog() {
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    }

    /** Waits for a line that has this text, and returns the first. */
    String awaitLineWith(String text) {
        Await.until(
                () -> "a line with '" + text + "' in\n" + bytes.toString(StandardCharsets.UTF_8),
                () -> linesWith(text).findAny().isPresent());
        return linesWith(text).findFirst().orElseThrow();
    }

    /** Returns the lines so far that have this text. */
    List<String> with(String text) {
        return linesWith(text).toList();
    }

    private java.util.stream.Stream<String> linesWith(String text) {
        return bytes.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains(text));
    }

    @Override
    public void close() {
        System.setErr(before);
    }
}
