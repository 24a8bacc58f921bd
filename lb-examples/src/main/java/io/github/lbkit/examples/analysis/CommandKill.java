package io.github.lbkit.examples.analysis;

import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Server;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Kills by a command, in which {@code {instance}}, {@code {id}} and {@code {address}} stand for the server's. Words are
 * apart by blanks; there is no shell.
 */
final class CommandKill implements Kill {
    private static final long PATIENCE_SECONDS = 20;

    private final List<String> words;

    CommandKill(String command) {
        words = Arrays.stream(command.strip().split("\\s+", -1)).toList();
        if (command.isBlank()) {
            throw new IllegalArgumentException("--kill-command '" + command + "' is no command");
        }
    }

    @Override
    public void kill(Server server) throws IOException, InterruptedException {
        Instance instance = server.instance()
                .orElseThrow(() -> new IOException("server '" + server.id() + "' has nothing that could be killed"));
        Process process = new ProcessBuilder(words.stream()
                        .map(w -> w.replace("{instance}", instance.name())
                                .replace("{id}", server.id())
                                .replace("{address}", instance.address().authority()))
                        .toList())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("'" + how() + "' did not end within " + PATIENCE_SECONDS + " s");
        }
        if (process.exitValue() != 0) {
            throw new IOException("'" + how() + "' ended with status " + process.exitValue());
        }
    }

    @Override
    public String how() {
        return String.join(" ", words);
    }
}
