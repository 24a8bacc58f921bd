package io.github.lbkit.examples.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * The process of one demo server, which prints a line when it is ready. Pools start it by {@link #main}: without
 * picocli it is ready in two thirds of the time.
 */
public final class ServerProcess {
    /** The format of the line that the server prints when it is ready; a pool reads the port from it. */
    public static final String READY_LINE = "lbkit server '%s' ready on http://%s:%d";

    /** The argument that stops the server at the end of standard input. */
    public static final String UNTIL_STDIN_ENDS = "until-stdin-ends";

    private static final Duration STOP = Duration.ofSeconds(2);

    private ServerProcess() {}

    /** Serves on a free port of loopback. The arguments are the id and, optionally, {@link #UNTIL_STDIN_ENDS}. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        boolean untilStdinEnds = arguments.length > 1 && arguments[1].equals(UNTIL_STDIN_ENDS);
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        serve(arguments[0], address, DemoServer.Load.NONE, untilStdinEnds);
        System.exit(0);
    }

    /** Serves until the process is stopped or, if requested, until standard input ends. */
    static void serve(String id, InetSocketAddress address, DemoServer.Load load, boolean untilStdinEnds)
            throws IOException, InterruptedException {
        try (DemoServer server = DemoServer.start(id, address, load)) {
            CountDownLatch end = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(STOP), "demo-stop"));
            System.out.println(String.format(
                    READY_LINE,
                    id,
                    server.address().getAddress().getHostAddress(),
                    server.address().getPort()));
            if (untilStdinEnds) {
                Thread watcher = new Thread(() -> drain(System.in, end), "demo-stdin");
                watcher.setDaemon(true);
                watcher.start();
            }
            end.await();
        }
    }

    private static void drain(InputStream in, CountDownLatch end) {
        try {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException broken) {
            // a broken standard input counts as ended
        }
        end.countDown();
    }
}
