package io.github.lbkit.examples.analysis.subject;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lbkit.api.Server;
import io.github.lbkit.examples.demo.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** A kill of a demo server that this process has started, by SIGKILL. */
public final class ProcessKill implements Kill {
    /** Creates a kill. */
    public ProcessKill() {}

    @Override
    public Prepared prepare(String pool, Server server) throws IOException {
        ProcessHandle process = ProcessHandle.current()
                .descendants()
                .filter(p -> isServer(p, server.id()))
                .max(Comparator.comparing(p -> p.info().startInstant().orElse(Instant.EPOCH)))
                .orElseThrow(() -> new IOException("no process of server '" + server.id() + "' can be found"));
        return () -> {
            if (!process.destroyForcibly()) {
                throw new IOException("process " + process.pid() + " of server '" + server.id() + "' cannot be killed");
            }
        };
    }

    private static boolean isServer(ProcessHandle process, String id) {
        List<String> arguments = arguments(process);
        int main = arguments.indexOf(ServerProcess.class.getName());
        return main >= 0
                && main + 1 < arguments.size()
                && arguments.get(main + 1).equals(id);
    }

    /**
     * Returns the arguments of a process, from /proc if possible: Java omits the arguments of lines longer than 4 KiB.
     */
    private static List<String> arguments(ProcessHandle process) {
        try {
            byte[] line = Files.readAllBytes(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
            return List.of(new String(line, UTF_8).split("\0", -1));
        } catch (IOException e) {
            return List.of(process.info().arguments().orElse(new String[0]));
        }
    }

    @Override
    public String how() {
        return "SIGKILL to its process";
    }
}
