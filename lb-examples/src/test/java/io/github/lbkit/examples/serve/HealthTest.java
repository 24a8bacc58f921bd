package io.github.lbkit.examples.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.examples.demo.DemoServer;
import io.github.lbkit.examples.testing.KeptAlive;
import io.github.lbkit.examples.testing.RawHttp;
import io.github.lbkit.examples.testing.RunningBalancer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What orchestrators are told: whether the process works, whether it serves, and how well. */
class HealthTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Pattern COUNTS = Pattern.compile("\"counts\":\\{([^}]*)}");

    @TempDir
    Path state;

    private static String pool(DemoServer... servers) {
        StringBuilder uri = new StringBuilder("static:");
        for (int i = 0; i < servers.length; i++) {
            uri.append(i == 0 ? "" : ",").append("s").append(i).append("=127.0.0.1:");
            uri.append(servers[i].address().getPort());
        }
        return uri.toString();
    }

    private static DemoServer good() throws IOException {
        return DemoServer.start("good", ANY_PORT, DemoServer.Load.NONE);
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static RawHttp ready(RunningBalancer running) {
        return admin(running, "/ready");
    }

    private static RawHttp admin(RunningBalancer running, String path) {
        try {
            return RawHttp.get(running.admin, path);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int sumOfCounts(String body) {
        Matcher matcher = COUNTS.matcher(body);
        assertThat(matcher.find()).as(body).isTrue();
        int sum = 0;
        for (String count : matcher.group(1).split(",", -1)) {
            sum += Integer.parseInt(count.substring(count.indexOf(':') + 1));
        }
        return sum;
    }

    @Test
    void health_names_the_loop_that_does_not_turn_and_where_it_is() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        LoadBalancerListener blocking = new LoadBalancerListener() {
            @Override
            public void callBegan() {
                while (gate.getCount() > 0) {
                    LockSupport.parkNanos(1_000_000);
                }
            }
        };
        try (DemoServer server = good();
                Balancer balancer = Balancer.start(
                        RunningBalancer.settings(state, "--loops", "1", "--pool", pool(server)), List.of(blocking))) {
            InetSocketAddress admin = balancer.adminAddress().orElseThrow();
            assertThat(RawHttp.get(admin, "/health").body()).isEqualTo("{\"status\":\"UP\"}");
            Thread client = new Thread(() -> {
                try {
                    RawHttp.get(balancer.address(), "/home");
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            client.start();
            try {
                RunningBalancer.await("health fails", () -> {
                    try {
                        return RawHttp.get(admin, "/health").status() == 503;
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
                assertThat(RawHttp.get(admin, "/health").body())
                        .startsWith("{\"status\":\"DOWN\",\"loops\":{\"traffic-loop-0\":\"does not turn; it is at ")
                        .contains("HealthTest$1.callBegan(HealthTest.java:")
                        .doesNotContain("admin-loop");
            } finally {
                gate.countDown();
                client.join();
            }
            assertThat(RawHttp.get(admin, "/health").status()).isEqualTo(200);
        }
    }

    @Test
    void ready_and_servers_have_one_state_and_the_reason_for_each_server_that_is_not_fit() throws Exception {
        try (DemoServer held = good();
                DemoServer one = good();
                DemoServer two = good();
                RunningBalancer running = new RunningBalancer(
                        state,
                        "--policy",
                        "round-robin",
                        "--health-path",
                        "/hello",
                        "--health-interval",
                        "50",
                        "--pool",
                        pool(one, two, held) + ",s3=127.0.0.1:" + closedPort())) {
            RunningBalancer.await("s3 is unhealthy", () -> ready(running).body().contains("\"unhealthy\":1"));
            RawHttp.json(running.admin, "PUT", "/servers/s2", "{\"override\":\"DRAIN\"}");

            RawHttp ready = ready(running);

            assertThat(ready.status()).isEqualTo(200);
            assertThat(ready.body())
                    .startsWith("{\"status\":\"READY\",\"ready\":4,\"servers\":4,")
                    .contains("\"overridden\":1,\"unhealthy\":1,\"ejected\":0,\"fit\":2")
                    .contains("\"failOpen\":false")
                    .containsPattern(
                            "\"pool\":\\{\"name\":\"[^\"]+\",\"desired\":4,\"membershipVersion\":\\d+,\"ageMillis\":\\d+}")
                    .contains("{\"id\":\"s2\",\"fitness\":\"overridden\",\"reason\":\"an operator set its override to"
                            + " DRAIN\"}")
                    .containsPattern("\\{\"id\":\"s3\",\"fitness\":\"unhealthy\",\"reason\":\"[^\"]+\"}");
            assertThat(sumOfCounts(ready.body())).isEqualTo(4);
            assertThat(admin(running, "/servers").body())
                    .contains("\"fitness\":\"overridden\",\"reason\":\"an operator set its override to DRAIN\"")
                    .contains("\"fitness\":\"fit\",\"reason\":\"\"");
        }
    }

    @Test
    void an_ejected_server_is_reported_with_the_remaining_time() throws Exception {
        DemoServer.Load failing = new DemoServer.Load(Duration.ZERO, 1, false);
        try (DemoServer bad = DemoServer.start("bad", ANY_PORT, failing);
                DemoServer one = good();
                DemoServer two = good();
                RunningBalancer running =
                        new RunningBalancer(state, "--policy", "round-robin", "--pool", pool(one, two, bad))) {
            for (int i = 0; i < 18; i++) {
                running.get("/home");
            }

            assertThat(ready(running).body())
                    .contains("\"ejected\":1")
                    .containsPattern(
                            "\\{\"id\":\"s2\",\"fitness\":\"ejected\",\"reason\":\"too many failures in a row; (\\d+"
                                    + " ms are left|its trial is due)\"}");
        }
    }

    @Test
    void a_balancer_whose_servers_are_all_held_back_is_not_ready_and_says_so() throws Exception {
        try (DemoServer server = good();
                RunningBalancer running = new RunningBalancer(state, "--pool", pool(server))) {
            RawHttp.json(running.admin, "PUT", "/servers/s0", "{\"override\":\"DOWN\"}");

            assertThat(running.get("/home").status()).isEqualTo(503);
            assertThat(ready(running).status()).isEqualTo(503);
            assertThat(ready(running).body())
                    .startsWith("{\"status\":\"NOT_READY\",\"ready\":1,\"servers\":1,")
                    .contains("\"reason\":\"no server can take a request\"");

            RawHttp.json(running.admin, "PUT", "/servers/s0", "{\"override\":\"NONE\"}");

            assertThat(ready(running).status()).isEqualTo(200);
        }
    }

    @Test
    void fail_open_is_reported_and_counts_as_ready_because_requests_are_served() throws Exception {
        try (DemoServer one = good();
                DemoServer two = good();
                RunningBalancer running = new RunningBalancer(
                        state, "--health-path", "/nothing", "--health-interval", "50", "--pool", pool(one, two))) {
            RunningBalancer.await("fail-open", () -> ready(running).body().contains("\"failOpen\":true"));

            assertThat(running.get("/home").status()).isEqualTo(200);
            assertThat(ready(running).status()).isEqualTo(200);
            assertThat(ready(running).body()).contains("\"unhealthy\":2,\"ejected\":0,\"fit\":0");
        }
    }

    @Test
    void servers_that_have_all_they_may_have_in_flight_leave_the_balancer_ready() throws Exception {
        DemoServer.Load slow = new DemoServer.Load(Duration.ofSeconds(30), 0, false);
        try (DemoServer server = DemoServer.start("slow", ANY_PORT, slow);
                RunningBalancer running = new RunningBalancer(
                        state, "--max-in-flight", "1", "--stop-timeout", "1", "--pool", pool(server));
                KeptAlive waiting = new KeptAlive(running.traffic)) {
            waiting.send("GET /home HTTP/1.1\r\nHost: a\r\n\r\n");
            RunningBalancer.await(
                    "a request in flight",
                    () -> admin(running, "/servers").body().contains("\"skipped\":\"AT_CAPACITY\""));

            assertThat(running.get("/home").status()).isEqualTo(503);
            assertThat(ready(running).status()).isEqualTo(200);
            assertThat(ready(running).body()).contains("\"fit\":1");
        }
    }

    @Test
    void a_stop_fails_ready_at_once_and_serves_new_connections_until_the_delay_is_over() throws Exception {
        try (DemoServer server = good();
                RunningBalancer running =
                        new RunningBalancer(state, "--drain-delay", "600000", "--pool", pool(server))) {
            Thread stop = new Thread(running::close);
            stop.start();
            RunningBalancer.await("not ready", () -> ready(running).status() == 503);

            assertThat(ready(running).body())
                    .startsWith("{\"status\":\"STOPPING\"")
                    .contains("\"reason\":\"the balancer is stopping\"");
            assertThat(running.get("/home").status()).isEqualTo(200);
            assertThat(admin(running, "/health").status()).isEqualTo(200);

            running.balancer.closeNow(Duration.ofSeconds(20));
            stop.join();
        }
    }

    @Test
    void the_admin_listener_answers_until_the_traffic_has_stopped() throws Exception {
        DemoServer.Load slow = new DemoServer.Load(Duration.ofSeconds(30), 0, false);
        try (DemoServer server = DemoServer.start("slow", ANY_PORT, slow);
                RunningBalancer running =
                        new RunningBalancer(state, "--stop-timeout", "600000", "--pool", pool(server));
                KeptAlive waiting = new KeptAlive(running.traffic)) {
            waiting.send("GET /home HTTP/1.1\r\nHost: a\r\n\r\n");
            RunningBalancer.await(
                    "a request in flight",
                    () -> admin(running, "/servers").body().contains("\"inFlight\":1"));
            Thread stop = new Thread(running::close);
            stop.start();

            RunningBalancer.await("not ready", () -> ready(running).status() == 503);
            assertThat(admin(running, "/health").body()).isEqualTo("{\"status\":\"UP\"}");
            assertThat(admin(running, "/metrics").body()).contains("lbkit_");

            running.balancer.closeNow(Duration.ofSeconds(20));
            stop.join();
        }
    }
}
