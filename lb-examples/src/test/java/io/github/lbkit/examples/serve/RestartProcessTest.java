package io.github.lbkit.examples.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.examples.demo.DemoServer;
import io.github.lbkit.examples.testing.KeptAlive;
import io.github.lbkit.examples.testing.RawHttp;
import io.github.lbkit.examples.testing.RunningBalancer;
import io.github.lbkit.examples.testing.ServeProcess;
import io.github.lbkit.examples.testing.SharedSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Tests of the replacement of a balancer by the next one over an inherited listening socket, under load. */
@EnabledIf("canRun")
class RestartProcessTest {
    private static final int CLIENTS = 16;
    private static final long PAUSE_NANOS = 2_000_000;

    @TempDir
    Path dir;

    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final List<Thread> clients = new ArrayList<>();
    private volatile boolean ended;

    static boolean canRun() {
        return List.of(System.getenv("PATH").split(":", -1)).stream()
                        .anyMatch(path -> Files.isExecutable(Path.of(path, "python3")))
                && Files.isExecutable(Path.of("/bin/bash"));
    }

    /** Starts clients that send requests one after the other, half of them on new connections. */
    private void load(InetSocketAddress traffic) {
        for (int i = 0; i < CLIENTS; i++) {
            boolean keeps = i % 2 == 0;
            Thread client = new Thread(() -> {
                while (!ended) {
                    try (KeptAlive connection = new KeptAlive(traffic)) {
                        do {
                            int status = connection.get("/home");
                            if (status != 200) {
                                failures.add("status " + status);
                            }
                            answered.incrementAndGet();
                            LockSupport.parkNanos(PAUSE_NANOS); // leaves the processors to the process that starts
                        } while (keeps && !ended && !connection.announcedEnd());
                    } catch (IOException e) {
                        failures.add(e.toString());
                    }
                }
            });
            client.start();
            clients.add(client);
        }
    }

    private void endLoad() throws InterruptedException {
        ended = true;
        for (Thread client : clients) {
            client.join();
        }
    }

    private void end(SharedSocket balancer) throws Exception {
        balancer.signal("TERM");
        assertThat(balancer.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(balancer.process.exitValue()).as(balancer.log()).isZero();
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    @Test
    void restarts_under_load_lose_no_request() throws Exception {
        int admin = freePort();
        try (DemoServer server = DemoServer.start(
                        "s", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), DemoServer.Load.NONE);
                SharedSocket balancer = new SharedSocket(
                        dir,
                        "--admin",
                        "127.0.0.1:" + admin,
                        "--pool",
                        "static:http://127.0.0.1:" + server.address().getPort())) {
            load(balancer.traffic);
            for (int restart = 1; restart <= 3; restart++) {
                int before = answered.get();
                balancer.signal("HUP");
                balancer.awaitReady(1 + restart);
                balancer.awaitStopped(restart);
                assertThat(answered.get()).isGreaterThan(before);
            }
            endLoad();

            assertThat(failures).as(balancer.log()).isEmpty();
            assertThat(RawHttp.get(new InetSocketAddress(InetAddress.getLoopbackAddress(), admin), "/ready")
                            .status())
                    .isEqualTo(200);
            end(balancer);
            assertThat(balancer.log()).contains("stop ended after ").doesNotContain(" 1 were cut");
        }
    }

    @Test
    void servers_of_its_own_are_handed_over_to_the_next_process() throws Exception {
        try (SharedSocket balancer =
                new SharedSocket(dir, "--admin", "off", "--servers", "2", "--on-exit", "keep", "--pool-name", "kept")) {
            List<Long> servers = serversOf();
            load(balancer.traffic);

            balancer.signal("HUP");
            balancer.awaitReady(2);
            balancer.awaitStopped(1);
            endLoad();

            assertThat(failures).as(balancer.log()).isEmpty();
            assertThat(balancer.output()).contains("lbkit waits for the release of pool kept");
            assertThat(serversOf()).isEqualTo(servers).hasSize(2);
            end(balancer);
        } finally {
            serversOf().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        }
    }

    /** The process ids in the records of the state directory. */
    private List<Long> serversOf() throws IOException {
        try (var files = Files.list(dir.resolve("state").resolve("kept"))) {
            return files.filter(file -> file.toString().endsWith(".properties"))
                    .map(ServeProcess::read)
                    .flatMap(String::lines)
                    .filter(line -> line.startsWith("pid="))
                    .map(line -> Long.valueOf(line.substring(4)))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void a_new_process_that_does_not_start_leaves_the_old_one_running() throws Exception {
        Path config = Files.writeString(dir.resolve("lbkit.yaml"), "max-attempts: 3\n");
        try (DemoServer server = DemoServer.start(
                        "s", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), DemoServer.Load.NONE);
                SharedSocket balancer = new SharedSocket(
                        dir,
                        "--admin",
                        "off",
                        "--config",
                        config.toString(),
                        "--pool",
                        "static:http://127.0.0.1:" + server.address().getPort())) {
            Files.writeString(config, "max-attempts: 0\n");

            balancer.signal("HUP");
            RunningBalancer.await("the failed restart", () -> balancer.log().contains("has ended before it was ready"));

            assertThat(RawHttp.get(balancer.traffic, "/home").status()).isEqualTo(200);
            assertThat(balancer.log()).contains("--max-attempts");
            end(balancer);
        }
    }
}
