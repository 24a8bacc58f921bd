package io.github.lbkit.examples.testing;

import io.github.lbkit.examples.Main;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process that holds a listening socket, and the balancer over it that {@code bin/lbkit-run} replaces. */
public final class SharedSocket implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile("port (\\d+)\n");
    private static final String HOLDER = """
            import os, socket, sys
            s = socket.socket()
            s.bind(('127.0.0.1', 0))
            s.listen(4096)
            print('port', s.getsockname()[1], file=sys.stderr, flush=True)
            os.dup2(s.fileno(), 0)
            os.execvp(sys.argv[1], sys.argv[1:])
            """;

    public final Process process;
    public final InetSocketAddress traffic;
    private final Path out;
    private final Path err;

    /** Starts a balancer below {@code bin/lbkit-run} and waits for its ready line. */
    public SharedSocket(Path dir, String... arguments) throws IOException {
        out = dir.resolve("out");
        err = dir.resolve("err");
        List<String> command = new ArrayList<>(List.of("python3", "-c", HOLDER));
        command.addAll(List.of("bash", Path.of("..", "bin", "lbkit-run").toString()));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve",
                "--listen",
                "inherited",
                "--state-dir",
                dir.resolve("state").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        process = builder.start();
        awaitReady(1);
        Matcher port = PORT.matcher(log());
        if (!port.find()) {
            throw new AssertionError(log());
        }
        traffic = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port.group(1)));
    }

    /** Waits until this number of balancers have been ready. */
    public void awaitReady(int count) {
        await("ready line " + count, () -> count(out, "lbkit ready on ") >= count);
    }

    /** Waits until this number of balancers have stopped. */
    public void awaitStopped(int count) {
        await("stop " + count, () -> count(err, "stop ended after ") >= count);
    }

    private void await(String what, BooleanSupplier condition) {
        RunningBalancer.await(what, 60, () -> {
            if (!process.isAlive()) {
                throw new AssertionError("lbkit-run has ended: " + log());
            }
            return condition.getAsBoolean();
        });
    }

    private static long count(Path file, String text) {
        return Files.exists(file)
                ? ServeProcess.read(file)
                        .lines()
                        .filter(line -> line.contains(text))
                        .count()
                : 0;
    }

    /** The standard error stream of all processes. */
    public String log() {
        return ServeProcess.read(err);
    }

    /** The standard output of all processes. */
    public String output() {
        return ServeProcess.read(out);
    }

    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    @Override
    public void close() {
        List<ProcessHandle> all = process.descendants().toList();
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
    }
}
