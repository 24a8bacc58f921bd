package io.github.lbkit.examples.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.examples.Main;
import io.github.lbkit.examples.testing.RawHttp;
import io.github.lbkit.examples.testing.RunningBalancer;
import io.github.lbkit.examples.testing.ServeProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The balancer as a process of its own: its first line, its signals, and what it leaves behind. */
class ServeProcessTest {
    private static final Pattern READY =
            Pattern.compile("lbkit ready on http://127\\.0\\.0\\.1:(\\d+), admin http://127\\.0\\.0\\.1:(\\d+)"
                    + " \\(3 servers, pool process, policy hash\\)");

    @TempDir
    Path dir;

    private final List<Process> started = new ArrayList<>();

    private record Running(Process process, InetSocketAddress traffic) {
        List<ProcessHandle> servers() {
            return process.children().toList();
        }
    }

    private Running start(String... arguments) throws IOException {
        return start(0, arguments);
    }

    private Running start(int port, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(ServeProcess.interruptible());
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve",
                "--listen",
                "127.0.0.1:" + port,
                "--admin",
                "127.0.0.1:0",
                "--state-dir",
                dir.resolve("state").toString()));
        command.addAll(List.of(arguments));
        Path out = dir.resolve("out" + started.size());
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(dir.resolve("err" + started.size()).toFile())
                .start();
        started.add(process);
        RunningBalancer.await("the ready line", () -> {
            assertThat(process.isAlive()).isTrue();
            return read(out).endsWith("\n");
        });
        Matcher ready = READY.matcher(read(out).strip());
        assertThat(ready.matches()).as(read(out)).isTrue();
        return new Running(
                process, new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(ready.group(1))));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void sigterm_ends_the_balancer_and_its_servers() throws Exception {
        Running running = start();
        List<ProcessHandle> servers = running.servers();
        assertThat(servers).hasSize(3);

        running.process().destroy();

        assertThat(running.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
        RunningBalancer.await(
                "servers end with their balancer", () -> servers.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void ctrl_c_reaches_every_process_and_the_servers_still_serve_until_the_balancer_has_drained_them()
            throws Exception {
        Running running = start();
        List<ProcessHandle> servers = running.servers();
        for (ProcessHandle server : servers) {
            assertThat(signal("INT", server.pid())).isZero();
        }
        for (int i = 0; i < 20; i++) {
            assertThat(RawHttp.get(running.traffic(), "/home").status()).isEqualTo(200);
        }
        assertThat(servers).allMatch(ProcessHandle::isAlive);

        assertThat(signal("INT", running.process().pid())).isZero();

        assertThat(running.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
        RunningBalancer.await(
                "servers end with their balancer", () -> servers.stream().noneMatch(ProcessHandle::isAlive));
    }

    private static int signal(String name, long pid) throws IOException, InterruptedException {
        return new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                .start()
                .waitFor();
    }

    @Test
    void after_kill_9_the_next_start_serves_and_no_server_of_the_dead_one_is_left() throws Exception {
        Running killed = start();
        List<ProcessHandle> servers = killed.servers();
        killed.process().destroyForcibly().waitFor();

        Running next = start();

        assertThat(RawHttp.get(next.traffic(), "/home").status()).isEqualTo(200);
        RunningBalancer.await(
                "the dead balancer's servers are gone", () -> servers.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void kept_servers_serve_the_next_balancer_of_the_same_name() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Running first = start(port, "--on-exit", "keep");
        List<Long> before =
                first.servers().stream().map(ProcessHandle::pid).sorted().toList();
        first.process().destroy();
        assertThat(first.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
        try {
            Running second = start(port, "--on-exit", "keep");

            assertThat(RawHttp.get(second.traffic(), "/home").status()).isEqualTo(200);
            assertThat(before)
                    .allMatch(pid ->
                            ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
            assertThat(second.servers()).isEmpty();
            second.process().destroy();
            assertThat(second.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            before.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        }
    }

    @Test
    void a_port_that_is_taken_ends_the_start_with_an_error_and_leaves_nothing() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Main.class.getName(),
                            "serve",
                            "--listen",
                            "127.0.0.1:" + taken.getLocalPort(),
                            "--admin",
                            "off",
                            "--state-dir",
                            dir.resolve("state").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(dir.resolve("out").toFile())
                    .start();
            started.add(process);

            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(read(dir.resolve("out"))).contains(String.valueOf(taken.getLocalPort()));
        }
    }
}
