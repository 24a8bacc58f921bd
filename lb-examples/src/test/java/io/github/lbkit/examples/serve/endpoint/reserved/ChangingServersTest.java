package io.github.lbkit.examples.serve.endpoint.reserved;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Server;
import io.github.lbkit.examples.demo.DemoServer;
import io.github.lbkit.examples.serve.Balancer;
import io.github.lbkit.examples.testing.RawHttp;
import io.github.lbkit.examples.testing.RunningBalancer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Adding, removing, killing: each on a balancer of its own with real server processes. */
class ChangingServersTest {
    @TempDir
    Path state;

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private static List<String> children(RunningBalancer running) {
        return running.balancer.loadBalancer().membership().servers().stream()
                .map(Server::id)
                .toList();
    }

    @Test
    void servers_are_added_and_removed_by_name_by_number_and_by_neither() throws Exception {
        try (RunningBalancer running = new RunningBalancer(state, "--servers", "1")) {
            RawHttp named = RawHttp.json(running.traffic, "POST", "/add", "{\"n\":3,\"hostnames\":[\"S5\",\"S4\"]}");
            assertThat(named.status()).isEqualTo(200);
            assertThat(named.body()).startsWith("{\"message\":{\"N\":4,\"replicas\":[\"Server 1\",\"S5\",\"S4\",\"");
            assertThat(named.body()).endsWith("\"]},\"status\":\"successful\"}");
            assertThat(running.get("/rep").body()).isEqualTo(named.body());

            RawHttp bare = RawHttp.send(running.traffic, "POST", "/add", "");
            assertThat(bare.body()).startsWith("{\"message\":{\"N\":5,");

            RawHttp seedKeys =
                    RawHttp.json(running.traffic, "DELETE", "/rm", "{\"N\":2,\"replicas\":[\"S5\",\"Server 1\"]}");
            assertThat(seedKeys.body()).startsWith("{\"message\":{\"N\":3,\"replicas\":[\"S4\",");
            assertThat(running.get("/rep").body()).isEqualTo(seedKeys.body());

            assertThat(RawHttp.send(running.traffic, "DELETE", "/rm", "").body())
                    .startsWith("{\"message\":{\"N\":2,");
            RawHttp random = RawHttp.json(running.traffic, "DELETE", "/rm", "{\"n\":2}");
            assertThat(random.body()).isEqualTo("{\"message\":{\"N\":0,\"replicas\":[]},\"status\":\"successful\"}");

            RawHttp none = running.get("/home");
            assertThat(none.status()).isEqualTo(503);
            assertThat(Integer.parseInt(none.field("Retry-After"))).isPositive();
            RunningBalancer.await(
                    "stopped servers are gone", () -> children(running).isEmpty());
        }
    }

    @Test
    void a_killed_server_is_replaced_under_its_id_and_no_request_fails() throws Exception {
        try (RunningBalancer running = new RunningBalancer(state)) {
            Set<String> wrong = new ConcurrentSkipListSet<>();
            ExecutorService clients = Executors.newFixedThreadPool(4);
            List<Future<?>> done = IntStream.range(0, 4)
                    .<Future<?>>mapToObj(c -> clients.submit(() -> {
                        for (int i = 0; i < 300; i++) {
                            try {
                                RawHttp home = running.get("/home");
                                if (home.status() != 200) {
                                    wrong.add(home.toString());
                                }
                            } catch (IOException | AssertionError e) {
                                wrong.add(e.toString());
                            } catch (Exception e) {
                                throw new AssertionError(e);
                            }
                        }
                    }))
                    .toList();

            ProcessHandle victim =
                    ProcessHandle.current().children().findFirst().orElseThrow();
            victim.destroyForcibly();
            for (Future<?> client : done) {
                client.get();
            }
            clients.shutdown();

            assertThat(wrong).isEmpty();
            RunningBalancer.await(
                    "three servers are ready, one of them a replacement",
                    () -> running.balancer.loadBalancer().membership().servers().stream()
                                            .filter(s -> s.state() == Server.State.READY)
                                            .count()
                                    == 3
                            && verbose(running).contains("\"instance\":\"emergency_"));
            assertThat(running.get("/rep").body())
                    .isEqualTo("{\"message\":{\"N\":3,\"replicas\":[\"Server 1\",\"Server 2\",\"Server 3\"]},"
                            + "\"status\":\"successful\"}");
        }
    }

    private static String verbose(RunningBalancer running) {
        try {
            return running.get("/rep?verbose=true").body();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void servers_that_do_not_start_are_named_and_are_not_desired_any_more() throws Exception {
        try (RunningBalancer running = new RunningBalancer(state, "--pool", "process:/bin/false {port}?servers=0")) {
            RawHttp failed = RawHttp.json(running.admin, "POST", "/add", "{\"n\":1,\"hostnames\":[\"S5\"]}");

            assertThat(failed.status()).isEqualTo(503);
            assertThat(failed.body())
                    .startsWith("{\"message\":{\"N\":0,\"replicas\":[],\"failed\":[{\"id\":\"S5\",\"reason\":\"")
                    .endsWith("\"}]},\"status\":\"failure\"}");
            assertThat(RawHttp.get(running.admin, "/rep").body()).contains("\"N\":0");
        }
    }

    @Test
    void further_host_names_may_call_the_reserved_paths() throws Exception {
        try (RunningBalancer running = new RunningBalancer(state, "--servers", "0", "--host-names", "lb.example")) {
            assertThat(RawHttp.send(running.traffic, "GET", "/rep", "", "Host: LB.example:80")
                            .status())
                    .isEqualTo(200);
            assertThat(RawHttp.send(running.traffic, "GET", "/rep", "", "Host: other.example")
                            .status())
                    .isEqualTo(403);
        }
    }

    @Test
    void a_pool_that_cannot_change_says_409_and_passes_404_through() throws Exception {
        try (DemoServer one = DemoServer.start("one", ANY_PORT, DemoServer.Load.NONE);
                DemoServer two = DemoServer.start("two", ANY_PORT, DemoServer.Load.NONE);
                RunningBalancer running = new RunningBalancer(
                        state,
                        "--pool",
                        "static:http://127.0.0.1:" + one.address().getPort() + ",http://127.0.0.1:"
                                + two.address().getPort(),
                        "--reserved-paths",
                        "on",
                        "--policy",
                        "round-robin")) {
            assertThat(RawHttp.json(running.traffic, "POST", "/add", "{\"n\":1}")
                            .status())
                    .isEqualTo(409);
            assertThat(RawHttp.send(running.traffic, "DELETE", "/rm", "").status())
                    .isEqualTo(409);
            assertThat(running.get("/other").status()).isEqualTo(404);
            assertThat(List.of(running.get("/home").body(), running.get("/home").body()))
                    .anyMatch(b -> b.contains("one"))
                    .anyMatch(b -> b.contains("two"));
        }
    }

    @Test
    void a_change_that_does_not_fit_the_assignments_map_is_refused_before_anything_is_launched() throws Exception {
        try (RunningBalancer running =
                new RunningBalancer(state, "--policy", "assignment", "--servers", "1", "--max-servers", "100")) {
            RawHttp refused = RawHttp.json(running.traffic, "POST", "/add", "{\"n\":56}");

            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.body()).startsWith("{\"message\":\"<Error> ");
            assertThat(running.get("/rep").body()).contains("\"N\":1,");
            assertThat(running.balancer.loadBalancer().membership().servers()).hasSize(1);
        }
    }

    @Test
    void with_a_token_only_its_bearer_changes_servers() throws Exception {
        Path file = Files.writeString(state.resolve("token"), "s3cret\n");
        try (RunningBalancer running =
                new RunningBalancer(state, "--servers", "1", "--admin-token-file", file.toString())) {
            RawHttp without = RawHttp.send(running.traffic, "POST", "/add", "");
            RawHttp wrong = RawHttp.send(running.admin, "DELETE", "/rm", "", "Authorization: Bearer s3cre");
            RawHttp override = RawHttp.json(running.admin, "PUT", "/servers/Server%201", "{\"override\":\"DOWN\"}");

            assertThat(List.of(without.status(), wrong.status(), override.status()))
                    .containsOnly(401);
            assertThat(without.field("WWW-Authenticate")).startsWith("Bearer");
            assertThat(running.get("/rep").body()).contains("\"N\":1,");
            assertThat(RawHttp.send(running.traffic, "DELETE", "/rm", "", "Authorization: Bearer s3cret")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void an_open_listener_without_a_token_is_refused_before_anything_starts() {
        assertThatThrownBy(() -> Balancer.start(RunningBalancer.settings(state, "--listen", "0.0.0.0:0")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--admin-token-file")
                .hasMessageContaining("--admin-without-token");
        assertThat(ProcessHandle.current().children()).isEmpty();
    }

    @Test
    void wrong_settings_are_named_with_what_is_allowed() {
        assertWrong("'fastest'", "least-requests", "--policy", "fastest");
        assertWrong("'cookie'", "cookie:NAME", "--key", "cookie");
        assertWrong("'podman'", "static", "--pool", "podman");
        assertWrong("'7'", "--max-servers", "--servers", "7", "--max-servers", "6");
        assertWrong("'sometimes'", "stop, keep", "--on-exit", "sometimes");
        assertWrong("'maybe'", "on, off, auto", "--reserved-paths", "maybe");
        assertWrong("'0'", "1 to 1000000", "--max-clients", "0");
        assertWrong("'nowhere'", "host:port", "--listen", "nowhere");
        assertThat(ProcessHandle.current().children()).isEmpty();
    }

    private void assertWrong(String value, String allowed, String... arguments) {
        assertThatThrownBy(() -> Balancer.start(RunningBalancer.settings(state, arguments)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(value)
                .hasMessageContaining(allowed);
    }
}
