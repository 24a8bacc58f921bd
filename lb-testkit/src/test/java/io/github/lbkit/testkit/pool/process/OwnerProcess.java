package io.github.lbkit.testkit.pool.process;

import io.github.lbkit.api.pool.process.ProcessLauncher;
import io.github.lbkit.api.pool.process.ProcessOptions;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.supervised.LaunchRequest;
import io.github.lbkit.api.pool.supervised.LaunchedInstance;
import io.github.lbkit.api.runtime.Runtimes;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** An owner of processes in a Java process of its own, which a test can kill. */
final class OwnerProcess implements AutoCloseable {
    /** What it launches: one that ends with its standard input, and one that does not care. */
    static final ProcessOptions PIPED = options(ProcessOptions.Input.PIPE, "exec cat");

    static final ProcessOptions KEPT = options(ProcessOptions.Input.NONE, "exec sleep 600");

    private final Process process;
    private final long pipedPid;
    private final long keptPid;

    private OwnerProcess(Process process, String pids) {
        this.process = process;
        String[] both = pids.split(" ", -1);
        pipedPid = Long.parseLong(both[0]);
        keptPid = Long.parseLong(both[1]);
    }

    private static ProcessOptions options(ProcessOptions.Input input, String then) {
        return ProcessOptions.command(List.of("/bin/sh", "-c", "echo ready; " + then, "{port}"))
                .readyLine("ready")
                .input(input)
                .build();
    }

    /** Starts it on this state directory, with the pools {@code piped} and {@code kept} of one process each. */
    static OwnerProcess start(Path directory) throws IOException {
        List<String> path = new ArrayList<>();
        for (String property : List.of("jdk.module.path", "java.class.path")) {
            path.add(System.getProperty(property, ""));
        }
        path.add(Path.of(System.getProperty("basedir", "."), "target", "test-classes")
                .toString());
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        String.join(File.pathSeparator, path),
                        OwnerProcess.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
        String pids = reader.readLine();
        if (pids == null) {
            throw new IOException("the owner ended before it had launched");
        }
        return new OwnerProcess(process, pids);
    }

    long pid() {
        return process.pid();
    }

    ProcessHandle piped() {
        return ProcessHandle.of(pipedPid).orElseThrow();
    }

    ProcessHandle kept() {
        return ProcessHandle.of(keptPid).orElseThrow();
    }

    /** Ends it without a word to anybody. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The owner itself. */
    public static void main(String[] args) throws Exception {
        String piped = launch("piped", Path.of(args[0]), PIPED);
        String kept = launch("kept", Path.of(args[0]), KEPT);
        System.out.println(piped + " " + kept);
        System.in.read();
    }

    private static String launch(String pool, Path directory, ProcessOptions options) throws Exception {
        ProcessLauncher launcher = ProcessLauncher.open(new PoolContext(pool, Runtimes.system(), directory), options);
        LaunchedInstance launched = launcher.launch(new LaunchRequest("S1", 1, pool + "-1", false, Map.of()))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        return launched.handle().replace("process ", "");
    }
}
