package io.github.lbkit.examples.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.examples.demo.DemoServer;
import io.github.lbkit.examples.testing.KeptAlive;
import io.github.lbkit.examples.testing.RawHttp;
import io.github.lbkit.examples.testing.RunningBalancer;
import io.github.lbkit.examples.testing.ServeProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a process ends by signals. */
class StopProcessTest {
    private static final int CLIENTS = 24;
    private static final String POST = "POST /home HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";

    @TempDir
    Path dir;

    private ServeProcess over(DemoServer server) throws IOException {
        return ServeProcess.start(
                dir,
                "--stop-timeout",
                "60000",
                "--pool",
                "static:http://127.0.0.1:" + server.address().getPort());
    }

    private static DemoServer demo() throws IOException {
        return DemoServer.start("s", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), DemoServer.Load.NONE);
    }

    private static void awaitRefusal(ServeProcess serve) {
        RunningBalancer.await("no connection is accepted", () -> {
            try (Socket late = new Socket(serve.traffic.getAddress(), serve.traffic.getPort())) {
                return late.isClosed();
            } catch (IOException refused) {
                return true;
            }
        });
    }

    private static void end(ServeProcess serve, int status) throws InterruptedException {
        assertThat(serve.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(serve.process.exitValue()).as(ServeProcess.read(serve.err)).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"TERM", "INT"})
    void a_stop_under_load_loses_no_request(String signal) throws Exception {
        AtomicInteger lost = new AtomicInteger();
        CountDownLatch busy = new CountDownLatch(CLIENTS);
        List<Thread> clients = new ArrayList<>();
        try (DemoServer server = demo();
                ServeProcess serve = over(server)) {
            for (int i = 0; i < CLIENTS; i++) {
                Thread client = new Thread(() -> {
                    try (KeptAlive connection = new KeptAlive(serve.traffic)) {
                        do {
                            connection.send(POST);
                            connection.read();
                            busy.countDown();
                        } while (!connection.announcedEnd());
                    } catch (IOException e) {
                        lost.incrementAndGet();
                    }
                });
                client.start();
                clients.add(client);
            }
            busy.await();

            serve.signal(signal);

            for (Thread client : clients) {
                client.join();
            }
            assertThat(lost).hasValue(0);
            end(serve, 0);
        }
    }

    @Test
    void clients_that_are_idle_when_the_stop_begins_have_their_next_request_answered() throws Exception {
        List<KeptAlive> clients = new ArrayList<>();
        try (DemoServer server = demo();
                ServeProcess serve = over(server)) {
            for (int i = 0; i < CLIENTS; i++) {
                KeptAlive client = new KeptAlive(serve.traffic);
                clients.add(client);
                client.send(POST);
                client.read();
            }

            serve.signal("TERM");

            awaitRefusal(serve);
            for (KeptAlive client : clients) {
                do {
                    client.send(POST);
                    assertThat(client.read()).isEqualTo(405);
                } while (!client.announcedEnd());
                assertThat(client.isAtEnd()).isTrue();
                client.close();
            }
            end(serve, 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"TERM", "INT"})
    void new_connections_are_served_during_the_drain_delay_and_the_status_is_0(String signal) throws Exception {
        try (DemoServer server = demo();
                ServeProcess serve = ServeProcess.start(
                        dir,
                        "--drain-delay",
                        "1500",
                        "--pool",
                        "static:http://127.0.0.1:" + server.address().getPort())) {
            serve.signal(signal);
            RunningBalancer.await("not ready", () -> {
                try {
                    return RawHttp.get(serve.admin, "/ready").status() == 503;
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });

            assertThat(RawHttp.get(serve.traffic, "/home").status()).isEqualTo(200);
            end(serve, 0);
            assertThat(ServeProcess.read(serve.err).lines())
                    .anyMatch(line -> line.contains("stop begun with 0 requests in flight"))
                    .anyMatch(line -> line.contains("stop ended after ") && line.contains("0 were cut"));
        }
    }

    @Test
    void a_second_signal_ends_the_drain_delay() throws Exception {
        try (DemoServer server = demo();
                ServeProcess serve = ServeProcess.start(
                        dir,
                        "--drain-delay",
                        "600000",
                        "--pool",
                        "static:http://127.0.0.1:" + server.address().getPort())) {
            serve.signal("TERM");
            RunningBalancer.await("the stop", () -> ServeProcess.read(serve.err).contains("stop begun"));

            serve.signal("TERM");

            end(serve, 143);
        }
    }

    @ParameterizedTest
    @CsvSource({"TERM, TERM, 143", "TERM, INT, 130", "INT, TERM, 143"})
    void a_second_signal_stops_at_once_although_a_request_hangs(String first, String second, int status)
            throws Exception {
        try (ServeProcess serve = ServeProcess.start(dir, "--servers", "2", "--stop-timeout", "60000");
                KeptAlive hanging = new KeptAlive(serve.traffic)) {
            List<ProcessHandle> servers = serve.process.children().toList();
            assertThat(servers).hasSize(2);
            hanging.get("/home");
            hanging.send("POST /home HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
            serve.signal(first);
            awaitRefusal(serve);
            assertThat(serve.process.isAlive()).isTrue();

            serve.signal(second);

            assertThat(serve.process.waitFor(5, TimeUnit.SECONDS)).isTrue(); // --stop-timeout is 60 s
            end(serve, status);
            RunningBalancer.await(
                    "servers end with their balancer", () -> servers.stream().noneMatch(ProcessHandle::isAlive));
        }
    }
}
