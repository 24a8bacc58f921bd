package io.github.lbkit.examples.analysis.subject;

import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Server;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * A kill by a command. {@code {instance}}, {@code {id}} and {@code {address}} are replaced by the values of the server.
 * Words are separated by blanks.
 */
public final class CommandKill implements Kill {
    private final List<String> words;

    /** Creates a kill by this command. */
    public CommandKill(String command) {
        words = Arrays.stream(command.strip().split("\\s+", -1)).toList();
        if (command.isBlank()) {
            throw new IllegalArgumentException("--kill-command '" + command + "' is not a command");
        }
    }

    @Override
    public Prepared prepare(String pool, Server server) throws IOException {
        Instance instance = server.instance()
                .orElseThrow(
                        () -> new IOException("server '" + server.id() + "' has no instance that could be killed"));
        ExternalProgram command = new ExternalProgram(words.stream()
                .map(w -> w.replace("{instance}", instance.name())
                        .replace("{id}", server.id())
                        .replace("{address}", instance.address().place()))
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
