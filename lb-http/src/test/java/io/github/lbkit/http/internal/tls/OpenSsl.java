package io.github.lbkit.http.internal.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs {@code openssl} in a directory. */
final class OpenSsl {
    private static final long LIMIT_SECONDS = 60;

    private final Path directory;

    OpenSsl(Path directory) {
        this.directory = directory;
    }

    static boolean isInstalled() {
        try {
            new OpenSsl(Path.of(".")).run("version");
            return true;
        } catch (IOException | IllegalStateException | InterruptedException e) {
            return false;
        }
    }

    /** Runs a command, whose words have no blanks. */
    void run(String words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(words.split(" ", -1)));
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IllegalStateException("openssl " + words + " failed:\n" + output);
        }
    }
}
