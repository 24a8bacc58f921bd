package io.github.lbkit.examples.analysis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program and its arguments; there is no shell. Immutable.
 *
 * @param words the program first
 */
record Command(List<String> words) {
    private static final long PATIENCE_SECONDS = 20;

    Command {
        words = List.copyOf(words);
    }

    Command(String... words) {
        this(List.of(words));
    }

    /**
     * Runs it to its end.
     *
     * @return what it wrote, without blanks around; it must be less than what a pipe holds
     * @throws IOException if it cannot be run, takes too long, or says by its status that it failed
     */
    String run() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        process.getOutputStream().close();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("'" + this + "' did not end within " + PATIENCE_SECONDS + " s");
        }
        String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        if (process.exitValue() != 0) {
            throw new IOException(
                    "'" + this + "' ended with status " + process.exitValue() + (said.isEmpty() ? "" : ": " + said));
        }
        return said;
    }

    @Override
    public String toString() {
        return String.join(" ", words);
    }
}
