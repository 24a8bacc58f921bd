package io.github.lbkit.examples.analysis;

import io.github.lbkit.api.Server;
import io.github.lbkit.examples.demo.ServerProcess;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;

/** Kills a demo server that this process has started, by SIGKILL to its process id. */
final class ProcessKill implements Kill {
    @Override
    public void kill(Server server) throws IOException {
        ProcessHandle process = ProcessHandle.current()
                .descendants()
                .filter(p -> isServer(p, server.id()))
                .max(Comparator.comparing(p -> p.info().startInstant().orElse(Instant.EPOCH)))
                .orElseThrow(() -> new IOException("no process of server '" + server.id() + "' can be found"));
        if (!process.destroyForcibly()) {
            throw new IOException("process " + process.pid() + " of server '" + server.id() + "' cannot be killed");
        }
    }

    private static boolean isServer(ProcessHandle process, String id) {
        String[] arguments = process.info().arguments().orElse(new String[0]);
        int main = Arrays.asList(arguments).indexOf(ServerProcess.class.getName());
        return main >= 0 && main + 1 < arguments.length && arguments[main + 1].equals(id);
    }

    @Override
    public String how() {
        return "SIGKILL to its process";
    }
}
