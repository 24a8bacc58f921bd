package io.github.lbkit.examples.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.examples.demo.DemoServer;
import io.github.lbkit.examples.testing.KeptAlive;
import io.github.lbkit.examples.testing.RunningBalancer;
import io.github.lbkit.examples.testing.ServeProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** What systemd is told, received by a datagram socket as systemd has one. */
@EnabledIf("canRun")
class SystemdNoticesTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final String RECEIVER = """
            import socket, sys
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            s.bind(sys.argv[1])
            print('bound', flush=True)
            while True:
                text = s.recv(4096).decode()
                if text != 'BARRIER=1': print(text.strip(), flush=True)
            """;

    @TempDir
    Path dir;

    private final List<Process> started = new ArrayList<>();

    static boolean canRun() {
        return has("systemd-notify") && has("python3");
    }

    private static boolean has(String program) {
        return List.of(System.getenv("PATH").split(":", -1)).stream()
                .anyMatch(dir -> Files.isExecutable(Path.of(dir, program)));
    }

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
    }

    private Path socket() {
        return dir.resolve("notify");
    }

    private List<String> received() {
        return ServeProcess.read(dir.resolve("received")).lines().toList();
    }

    private void receive() throws IOException {
        started.add(new ProcessBuilder("python3", "-c", RECEIVER, socket().toString())
                .redirectOutput(dir.resolve("received").toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
        RunningBalancer.await("the receiver", () -> received().contains("bound"));
    }

    private static String pool(DemoServer server) {
        return "static:http://127.0.0.1:" + server.address().getPort();
    }

    @Test
    void systemd_is_notified_of_readiness_liveness_and_stop() throws Exception {
        receive();
        try (DemoServer server = DemoServer.start("s", ANY_PORT, DemoServer.Load.NONE);
                ServeProcess serve = ServeProcess.start(
                        dir,
                        List.of("env", "NOTIFY_SOCKET=" + socket(), "WATCHDOG_USEC=400000"),
                        false,
                        "--pool",
                        pool(server))) {
            RunningBalancer.await(
                    "all notices",
                    () -> received()
                            .containsAll(List.of("READY=1", "STATUS=serving: 1 of 1 servers are fit", "WATCHDOG=1")));

            serve.signal("TERM");

            assertThat(serve.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(serve.process.exitValue()).isZero();
            assertThat(received()).containsSequence("STOPPING=1", "STATUS=stopping");
        }
    }

    @Test
    void there_is_no_sign_of_life_while_a_loop_does_not_turn() throws Exception {
        receive();
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        LoadBalancerListener blocking = new LoadBalancerListener() {
            @Override
            public void callBegan() {
                blocked.countDown();
                while (gate.getCount() > 0) {
                    LockSupport.parkNanos(1_000_000);
                }
            }
        };
        try (DemoServer server = DemoServer.start("s", ANY_PORT, DemoServer.Load.NONE);
                Balancer balancer = Balancer.start(
                        RunningBalancer.settings(dir.resolve("state"), "--loops", "1", "--pool", pool(server)),
                        List.of(blocking));
                KeptAlive client = new KeptAlive(balancer.address());
                SystemdNotices notices = SystemdNotices.start(
                                balancer, Map.of("NOTIFY_SOCKET", socket().toString(), "WATCHDOG_USEC", "200000"))
                        .orElseThrow()) {
            notices.ready();
            RunningBalancer.await("a sign of life", () -> received().contains("WATCHDOG=1"));
            client.send("GET /home HTTP/1.1\r\nHost: a\r\n\r\n");
            blocked.await();
            try {
                // the check that was under way may still have passed; a check takes a second while a loop is stuck
                assertThat(balancer.stalledLoops()).containsOnlyKeys("traffic-loop-0");
                long before = signs();
                assertThat(balancer.stalledLoops()).isNotEmpty();
                assertThat(balancer.stalledLoops()).isNotEmpty();
                assertThat(signs()).isEqualTo(before);
            } finally {
                gate.countDown();
            }
            long before = signs();
            RunningBalancer.await("signs of life again", () -> signs() > before);
        }
    }

    private long signs() {
        return received().stream().filter("WATCHDOG=1"::equals).count();
    }

    @Test
    void a_watchdog_of_another_process_is_none_of_ours() {
        assertThat(SystemdNotices.watchdog(Map.of("WATCHDOG_USEC", "30000000"))).contains(Duration.ofSeconds(30));
        assertThat(SystemdNotices.watchdog(Map.of("WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "1")))
                .isEmpty();
        assertThat(SystemdNotices.watchdog(Map.of("WATCHDOG_USEC", "soon"))).isEmpty();
        assertThat(SystemdNotices.watchdog(Map.of())).isEmpty();
    }
}
