package io.github.lbkit.examples.demo;

import io.github.lbkit.api.runtime.NameResolver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command that runs one demo server until it gets a stop signal. */
@Command(
        name = "server",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Runs one demo server, which answers /home, /heartbeat and /hello.")
public final class ServerCommand implements Callable<Integer> {
    @Option(
            names = "--id",
            paramLabel = "ID",
            defaultValue = "${env:SERVER_ID:-S1}",
            description = "the id of the server (default: SERVER_ID in the environment, or S1)")
    private String id = "S1";

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "the address to listen on (default: ${DEFAULT-VALUE})")
    private String host = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "5000",
            description = "the port to listen on, 0 for any free port (default: ${DEFAULT-VALUE})")
    private int port = 5000;

    @Option(
            names = "--strict-assignment",
            description = "answer /heartbeat with an empty body, as the assignment" + " requires")
    private boolean strictAssignment;

    @Option(
            names = "--delay-ms",
            paramLabel = "MS",
            defaultValue = "0",
            description = "the delay before each answer, in milliseconds (default: ${DEFAULT-VALUE})")
    private long delayMillis;

    @Option(
            names = "--error-every",
            paramLabel = "N",
            defaultValue = "0",
            description = "answer every Nth request with 500 (default: never)")
    private int errorEvery;

    @Option(names = "--until-stdin-ends", description = "stop at the end of standard input")
    private boolean untilStdinEnds;

    /** Creates the command; picocli calls this. */
    public ServerCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("--port " + port + " is not within 0 to 65535");
        }
        DemoServer.Load load = new DemoServer.Load(Duration.ofMillis(delayMillis), errorEvery, strictAssignment);
        ServerProcess.serve(id, new InetSocketAddress(listenAt(), port), load, untilStdinEnds);
        return 0;
    }

    private InetAddress listenAt() {
        try {
            return NameResolver.system()
                    .resolve(host)
                    .toCompletableFuture()
                    .join()
                    .get(0);
        } catch (CompletionException e) {
            throw new IllegalArgumentException("--host " + host + " is not an address of this machine", e);
        }
    }
}
