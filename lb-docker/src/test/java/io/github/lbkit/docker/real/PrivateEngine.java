package io.github.lbkit.docker.real;

import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.docker.EngineException;
import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.EngineAddress;
import io.github.lbkit.docker.internal.engine.EngineCall;
import io.github.lbkit.docker.internal.engine.Json;
import io.github.lbkit.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A {@code dockerd} of the test, which can be frozen, killed and restarted. It needs root. All its files are below one
 * directory, which is removed when it is closed. Confined to the test's thread.
 */
public final class PrivateEngine implements AutoCloseable {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final Path directory;
    private final String bridge;
    private final List<String> options;
    private Process process;

    private PrivateEngine(Path directory, List<String> options) throws IOException {
        this.directory = directory;
        this.options = options;
        long pid = ProcessHandle.current().pid();
        bridge = "lbe" + pid + "x" + NUMBERS.incrementAndGet();
        run("ip", "link", "add", bridge, "type", "bridge");
        run("ip", "addr", "add", "10." + (200 + pid % 50) + "." + NUMBERS.get() + ".1/24", "dev", bridge);
        run("ip", "link", "set", bridge, "up");
        process = launch();
    }

    /** Starts one that answers when this returns. */
    public static PrivateEngine start(String... options) throws IOException {
        // the path of a unix socket is short: below /tmp, whatever the directory for tests is
        PrivateEngine engine = new PrivateEngine(Files.createTempDirectory(Path.of("/tmp"), "lbe"), List.of(options));
        try {
            engine.awaitAnswer();
            return engine;
        } catch (RuntimeException | Error e) {
            engine.close();
            throw e;
        }
    }

    /** Whether one can be had here. */
    public static boolean possible() {
        return "root".equals(System.getProperty("user.name")) && Files.isExecutable(Path.of("/usr/sbin/dockerd"));
    }

    /** For options of a pool. */
    public String address() {
        return "unix://" + socket();
    }

    /** Its socket. */
    public Path socket() {
        return directory.resolve("s");
    }

    /** A connection to it, for the test. */
    public Engine connect() {
        return Engine.open(EngineAddress.of(address()), Runtimes.system(), "private");
    }

    /** It stops doing anything (SIGSTOP), until {@link #thaw}. */
    public void freeze() throws IOException {
        signal("STOP");
    }

    /** It goes on. */
    public void thaw() throws IOException {
        signal("CONT");
    }

    /** It is killed (SIGKILL). */
    public void kill() {
        process.destroyForcibly();
        Await.inRealTime().until("the engine is dead", () -> !process.isAlive());
    }

    /** It is told to end (SIGTERM), and has. */
    public void stop() {
        process.destroy();
        Await.inRealTime().until("the engine has ended", () -> !process.isAlive());
    }

    /** It is started again, on what was left of it. */
    public void startAgain() throws IOException {
        Files.deleteIfExists(directory.resolve("pid"));
        Files.deleteIfExists(directory.resolve("exec/containerd/containerd.pid"));
        process = launch();
        awaitAnswer();
    }

    private Process launch() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "/usr/sbin/dockerd",
                "--host=" + address(),
                "--data-root=" + directory.resolve("data"),
                "--exec-root=" + directory.resolve("exec"),
                "--pidfile=" + directory.resolve("pid"),
                "--bridge=" + bridge,
                "--iptables=false",
                "--ip6tables=false"));
        command.addAll(options);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("log").toFile()))
                .start();
    }

    private void awaitAnswer() {
        try (Engine engine = connect()) {
            Await.inRealTime().until("the private engine answers", () -> {
                try {
                    return !engine.apiVersion().isEmpty();
                } catch (RuntimeException notYet) {
                    if (!process.isAlive()) {
                        throw new IllegalStateException("the private engine ended, see " + directory + "/log", notYet);
                    }
                    return false;
                }
            });
        }
    }

    private void signal(String name) throws IOException {
        run("kill", "-" + name, String.valueOf(process.pid()));
    }

    private static void run(String... command) throws IOException {
        Process done = new ProcessBuilder(command).redirectErrorStream(true).start();
        done.getInputStream().readAllBytes();
        Await.inRealTime().until(String.join(" ", command), () -> !done.isAlive());
    }

    /** Ends it, what it ran, and what it wrote. */
    @Override
    public void close() throws IOException {
        if (process.isAlive()) {
            thaw();
            removeContainers();
            process.destroy();
            try {
                Await.inRealTime().until("the engine has ended", () -> !process.isAlive());
            } catch (AssertionError late) {
                process.destroyForcibly();
            }
        }
        // what it has started carries the directory, which is nobody else's, in its command line
        ProcessHandle.allProcesses()
                .filter(one -> one.info().commandLine().orElse("").contains(directory + "/"))
                .forEach(ProcessHandle::destroyForcibly);
        try (Stream<String> mounts = Files.lines(Path.of("/proc/mounts"))) {
            List<String> ours = mounts.map(line -> line.split(" ", -1)[1])
                    .filter(mount -> mount.startsWith(directory + "/"))
                    .sorted(Comparator.reverseOrder())
                    .toList();
            for (String mount : ours) {
                run("umount", "-l", mount);
            }
        }
        run("ip", "link", "del", bridge);
        run("rm", "-rf", directory.toString());
    }

    private void removeContainers() {
        try (Engine engine = connect()) {
            for (Json one : engine.ask(EngineCall.get("/containers/json?all=1")).elements()) {
                engine.bytes(EngineCall.delete("/containers/" + one.at("Id").text("") + "?force=1&v=1"));
            }
        } catch (EngineException e) {
            System.err.println("containers of a private engine could not be removed: " + e.getMessage());
        }
    }
}
