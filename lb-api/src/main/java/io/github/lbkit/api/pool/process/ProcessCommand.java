package io.github.lbkit.api.pool.process;

import io.github.lbkit.api.pool.supervised.LaunchRequest;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The command and environment of a process, built from options and a request. */
final class ProcessCommand {
    private static final File SHELL = new File("/bin/sh");

    /** Executes a command in the shell's place with SIGINT ignored, which survives {@code exec}. */
    private static final List<String> IGNORING_INTERRUPT =
            List.of(SHELL.getPath(), "-c", "trap '' INT; exec \"$0\" \"$@\"");

    private static final Set<String> SERVICE_MANAGER_VARIABLES =
            Set.of("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID");

    private ProcessCommand() {}

    /**
     * Returns the process builder for this request.
     *
     * @param port the value of {@code {port}}
     * @param mark the mark in the environment of the process
     * @param output the file of its output
     */
    static ProcessBuilder builder(ProcessOptions options, LaunchRequest request, int port, String mark, Path output) {
        Map<String, String> values = Map.of(
                "{id}", request.id(),
                "{name}", request.name(),
                "{generation}", Long.toString(request.generation()),
                "{port}", Integer.toString(port));
        List<String> command =
                new ArrayList<>(options.ignoreInterrupt && SHELL.canExecute() ? IGNORING_INTERRUPT : List.of());
        options.command.forEach(part -> command.add(filled(part, values)));
        ProcessBuilder builder = new ProcessBuilder(command);
        options.environment.forEach((name, value) -> builder.environment().put(name, filled(value, values)));
        builder.environment().put(ProcessMark.VARIABLE, mark);
        // a server must not notify the service manager in the name of its owner
        builder.environment().keySet().removeAll(SERVICE_MANAGER_VARIABLES);
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        if (options.input == ProcessOptions.Input.NONE) {
            builder.redirectInput(nothing());
        }
        return builder;
    }

    private static String filled(String text, Map<String, String> values) {
        String result = text;
        for (Map.Entry<String, String> value : values.entrySet()) {
            result = result.replace(value.getKey(), value.getValue());
        }
        return result;
    }

    private static File nothing() {
        File unix = new File("/dev/null");
        return unix.exists() ? unix : new File("NUL");
    }
}
