package io.github.lbkit.examples.serve.endpoint.reserved;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.examples.testing.RawHttp;
import io.github.lbkit.examples.testing.RunningBalancer;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.ReverseProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who answers the paths by which servers are added and removed. */
class ReservedPathsTest {
    @TempDir
    Path state;

    private ReverseProxy application;

    @BeforeEach
    void startApplication() throws IOException {
        application = ReverseProxy.builder()
                .name("application")
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .loops(1)
                .fallback(
                        1024,
                        request -> LocalResponse.text(
                                200,
                                "mine: " + request.head().method() + " "
                                        + request.head().path()))
                .start();
    }

    @AfterEach
    void stopApplication() {
        application.close();
    }

    private List<String> pool() {
        return List.of(
                "--pool", "static:http://127.0.0.1:" + application.address().getPort());
    }

    private RunningBalancer start(String... more) throws Exception {
        List<String> arguments = new ArrayList<>(pool());
        arguments.addAll(List.of(more));
        return new RunningBalancer(state, arguments.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /rep",
        "POST, /add",
        "DELETE, /rm",
        "GET, /performancegraph",
        "GET, /performance_graph",
        "GET, /home",
        "GET, /"
    })
    void every_path_of_an_application_of_ones_own_is_the_applications(String method, String path) throws Exception {
        try (RunningBalancer running = start()) {
            RawHttp answer = RawHttp.send(running.traffic, method, path, "");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("mine: " + method + " " + path);
        }
    }

    @Test
    void the_admin_listener_answers_them_with_any_pool() throws Exception {
        try (RunningBalancer running = start()) {
            assertThat(RawHttp.get(running.admin, "/rep").body()).contains("\"N\":1,");
            assertThat(RawHttp.send(running.admin, "POST", "/add", "").status()).isEqualTo(409);
            assertThat(RawHttp.get(running.admin, "/performancegraph").status()).isEqualTo(200);
        }
    }

    @Test
    void they_can_be_switched_on_for_any_pool_and_off_for_demo_servers() throws Exception {
        try (RunningBalancer running = start("--reserved-paths", "on")) {
            assertThat(running.get("/rep").body()).contains("\"N\":1,");
            assertThat(running.get("/home").body()).startsWith("mine: ");
        }
        try (RunningBalancer running =
                new RunningBalancer(state, "--servers", "1", "--reserved-paths", "off", "--map-404", "off")) {
            assertThat(running.get("/rep").status()).isEqualTo(404);
            assertThat(RawHttp.send(running.traffic, "POST", "/add", "").status())
                    .isEqualTo(404);
            assertThat(RawHttp.get(running.admin, "/rep").body()).contains("\"N\":1,");
        }
    }

    @Test
    void an_open_traffic_listener_needs_a_token_only_where_it_takes_changes() throws Exception {
        assertThatThrownBy(() -> start("--listen", "0.0.0.0:0", "--reserved-paths", "on"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--reserved-paths on");
        try (RunningBalancer running = start("--listen", "0.0.0.0:0")) {
            InetSocketAddress loopback =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), running.traffic.getPort());
            assertThat(RawHttp.get(loopback, "/rep").body()).isEqualTo("mine: GET /rep");
        }
    }

    @Test
    void the_admin_listeners_root_leads_to_the_dashboard() throws Exception {
        try (RunningBalancer running = start()) {
            RawHttp answer = RawHttp.get(running.admin, "/");

            assertThat(answer.status()).isEqualTo(302);
            assertThat(answer.field("Location")).isEqualTo("/dashboard");
            assertThat(RawHttp.get(running.admin, "/dashboard").status()).isEqualTo(200);
        }
    }
}
