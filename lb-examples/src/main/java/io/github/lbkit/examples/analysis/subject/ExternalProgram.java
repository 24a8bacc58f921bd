package io.github.lbkit.examples.analysis.subject;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An external program with its arguments, run without a shell. Immutable.
 *
 * @param words the program, followed by its arguments
 */
record ExternalProgram(List<String> words) {
    private static final long TIMEOUT_SECONDS = 20;

    ExternalProgram {
        words = List.copyOf(words);
    }

    ExternalProgram(String... words) {
        this(List.of(words));
    }

    /**
     * Runs the program and waits for its end.
     *
     * @return the output without surrounding blanks; the program must not write more than a pipe can hold
     * @throws IOException if the program cannot be run, takes more than 20 seconds, or ends with another status than 0
     */
    String run() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        process.getOutputStream().close();
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("'" + this + "' did not end within " + TIMEOUT_SECONDS + " s");
        }
        String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        if (process.exitValue() != 0) {
            throw new IOException("'" + this + "' ended with status " + process.exitValue()
                    + (output.isEmpty() ? "" : ": " + output));
        }
        return output;
    }

    @Override
    public String toString() {
        return String.join(" ", words);
    }
}
