package io.github.lbkit.examples.demo;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs one demo server until it is told to stop. */
@Command(
        name = "server",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Runs one demo server: /home, /heartbeat, /hello.")
public final class ServerCommand implements Callable<Integer> {
    /** What the server prints when it serves; a pool reads the port from it. */
    public static final String READY_LINE = "lbkit server '%s' ready on http://%s:%d";

    private static final Duration STOP = Duration.ofSeconds(2);

    @Option(
            names = "--id",
            paramLabel = "ID",
            defaultValue = "${env:SERVER_ID:-S1}",
            description = "what it calls itself (default: SERVER_ID in the environment, or S1)")
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
            description = "the port to listen on, 0 for any (default: ${DEFAULT-VALUE})")
    private int port = 5000;

    @Option(names = "--strict-assignment", description = "answer /heartbeat with an empty body, as the assignment says")
    private boolean strictAssignment;

    @Option(
            names = "--delay-ms",
            paramLabel = "MS",
            defaultValue = "0",
            description = "wait before each answer (default: ${DEFAULT-VALUE})")
    private long delayMillis;

    @Option(
            names = "--error-every",
            paramLabel = "N",
            defaultValue = "0",
            description = "answer each Nth request with 500 (default: never)")
    private int errorEvery;

    @Option(names = "--until-stdin-ends", description = "end when standard input does")
    private boolean untilStdinEnds;

    /** Made by picocli. */
    public ServerCommand() {}

    /** The entry that pools use: starts faster than through the other commands. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new ServerCommand()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("--port " + port + " is not within 0 to 65535");
        }
        DemoServer.Load load = new DemoServer.Load(Duration.ofMillis(delayMillis), errorEvery, strictAssignment);
        try (DemoServer server = DemoServer.start(id, new InetSocketAddress(host, port), load)) {
            CountDownLatch end = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(STOP), "demo-stop"));
            System.out.printf(READY_LINE + "%n", id, host, server.address().getPort());
            if (untilStdinEnds) {
                Thread watcher = new Thread(() -> drain(System.in, end), "demo-stdin");
                watcher.setDaemon(true);
                watcher.start();
            }
            end.await();
        }
        return 0;
    }

    private static void drain(InputStream in, CountDownLatch end) {
        try {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException broken) {
            // a broken standard input has ended, too
        }
        end.countDown();
    }
}
