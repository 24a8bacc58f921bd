package io.github.lbkit.examples.testing;

import io.github.lbkit.examples.Main;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The runnable balancer as a process of its own, over servers that a test has started. */
public final class ServeProcess implements AutoCloseable {
    private static final Pattern READY =
            Pattern.compile("lbkit ready on http://127\\.0\\.0\\.1:(\\d+), admin http://127\\.0\\.0\\.1:(\\d+) .*");

    public final Process process;
    public final InetSocketAddress traffic;
    public final InetSocketAddress admin;
    public final Path err;

    private ServeProcess(Process process, String ready, Path err) {
        Matcher matcher = READY.matcher(ready.strip());
        if (!matcher.matches()) {
            throw new AssertionError("no ready line, but '" + ready + "'");
        }
        this.process = process;
        this.err = err;
        traffic = loopback(Integer.parseInt(matcher.group(1)));
        admin = loopback(Integer.parseInt(matcher.group(2)));
    }

    /** The bit of SIGINT in a set of signals. */
    private static final long SIGINT = 1 << 1;

    /** Starts {@code serve} and waits for its ready line; the standard error stream goes to a file. */
    public static ServeProcess start(Path dir, String... arguments) throws IOException {
        return start(dir, List.of(), false, arguments);
    }

    /**
     * Starts {@code serve} and waits for its ready line.
     *
     * @param prefix comes before the command line of Java
     * @param pipe whether the standard error stream is a pipe that the test reads, or does not read
     */
    public static ServeProcess start(Path dir, List<String> prefix, boolean pipe, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(interruptible());
        command.addAll(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--admin",
                "127.0.0.1:0",
                "--state-dir",
                dir.resolve("state").toString()));
        command.addAll(List.of(arguments));
        Path out = dir.resolve("out");
        Path err = dir.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile());
        if (!pipe) {
            builder.redirectError(err.toFile());
        }
        Process process = builder.start();
        try {
            RunningBalancer.await(
                    "the ready line", () -> !process.isAlive() || read(out).endsWith("\n"));
            return new ServeProcess(process, read(out), err);
        } catch (AssertionError e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /**
     * Returns the beginning of a command that a SIGINT ends. A shell lets its background jobs ignore SIGINT, and their child
     * processes inherit this; then the command restores the default.
     */
    public static List<String> interruptible() throws IOException {
        Path status = Path.of("/proc/self/status");
        boolean ignored = Files.exists(status)
                && Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .anyMatch(line ->
                                (Long.parseUnsignedLong(line.substring(7).strip(), 16) & SIGINT) != 0);
        return ignored ? List.of("env", "--default-signal=INT") : List.of();
    }

    public static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Sends a signal, such as TERM. */
    public void signal(String name) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (status != 0) {
            throw new AssertionError("kill -" + name + " ended with " + status);
        }
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
