package io.github.lbkit.examples.analysis;

import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Server;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Kills by a command, in which {@code {instance}}, {@code {id}} and {@code {address}} stand for the server's. Words are
 * apart by blanks.
 */
final class CommandKill implements Kill {
    private final List<String> words;

    CommandKill(String command) {
        words = Arrays.stream(command.strip().split("\\s+", -1)).toList();
        if (command.isBlank()) {
            throw new IllegalArgumentException("--kill-command '" + command + "' is no command");
        }
    }

    @Override
    public Aimed aimAt(String pool, Server server) throws IOException {
        Instance instance = server.instance()
                .orElseThrow(() -> new IOException("server '" + server.id() + "' has nothing that could be killed"));
        Command command = new Command(words.stream()
                .map(w -> w.replace("{instance}", instance.name())
                        .replace("{id}", server.id())
                        .replace("{address}", instance.address().authority()))
                .toList());
        return () -> {
            var unused = command.run();
        };
    }

    @Override
    public String how() {
        return String.join(" ", words);
    }
}
