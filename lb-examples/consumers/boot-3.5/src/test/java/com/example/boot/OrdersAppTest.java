package com.example.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.explain.ServerStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hc.core5.util.VersionInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.web.client.RestClient;

/** Four servers, of which the tests make two fail, behind the {@link RestClient} of {@link OrdersApp}. */
@ExtendWith(OutputCaptureExtension.class)
class OrdersAppTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String NO_PROBES = "1h";
    private static String firstStart;

    private final List<OrderServer> servers = new ArrayList<>();
    private OrderServer failing;
    private OrderServer killed;

    /** The warning appears once in a JVM, when the first application starts. */
    @BeforeAll
    static void start_for_the_first_time(CapturedOutput output) {
        app(NO_PROBES, "http://127.0.0.1:9").close();
        firstStart = output.getAll();
    }

    @BeforeEach
    void start_servers() throws IOException {
        for (int i = 0; i < 4; i++) {
            servers.add(OrderServer.start());
        }
        failing = servers.get(0);
        killed = servers.get(1);
    }

    @AfterEach
    void stop_servers() {
        servers.forEach(OrderServer::close);
    }

    @Test
    void get_and_post_carry_text_and_json() {
        try (ConfigurableApplicationContext app = app(NO_PROBES, urls())) {
            RestClient orders = app.getBean(RestClient.class);

            String text = orders.get().uri("/orders/7").retrieve().body(String.class);
            Map<String, Object> order =
                    orders.get().uri("/orders/7").retrieve().body(new ParameterizedTypeReference<>() {});
            Map<String, Object> sent = orders.post()
                    .uri("/orders")
                    .contentType(MediaType.APPLICATION_JSON)
                    .body(Map.of("item", "coffee"))
                    .retrieve()
                    .body(new ParameterizedTypeReference<>() {});

            assertThat(text).isEqualTo(OrderServer.ORDER);
            assertThat(order).isEqualTo(Map.of("id", 7, "item", "tea"));
            assertThat(sent).isEqualTo(Map.of("item", "coffee"));
            assertThat(servers.stream().mapToInt(OrderServer::orders).sum()).isEqualTo(3);
            assertNothingInFlight(app);
        }
    }

    @Test
    void no_get_fails_while_a_server_answers_503_and_another_is_killed() throws Exception {
        failing.failOrders();
        ExecutorService callers = Executors.newFixedThreadPool(4);
        try (ConfigurableApplicationContext app = app(NO_PROBES, urls())) {
            AtomicBoolean enough = new AtomicBoolean();
            List<Future<?>> calling = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                calling.add(callers.submit(() -> getUntil(enough, app.getBean(RestClient.class))));
            }
            await().atMost(LIMIT).until(() -> killed.orders() >= 10);

            killed.close();

            await().atMost(LIMIT)
                    .untilAsserted(
                            () -> assertThat(ejected(app)).containsExactlyInAnyOrder(name(failing), name(killed)));
            enough.set(true);
            for (Future<?> caller : calling) {
                caller.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            }
            assertNothingInFlight(app);
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    void no_post_fails_while_a_server_refuses_connections() {
        killed.close();
        try (ConfigurableApplicationContext app = app(NO_PROBES, urls())) {
            post(app, 40);

            assertThat(ejected(app)).containsExactly(name(killed));
            assertNothingInFlight(app);
        }
    }

    @Test
    void a_probe_takes_out_a_server_that_answers_503_and_one_that_is_killed() {
        try (ConfigurableApplicationContext app = app("100ms", urls())) {
            post(app, 4);
            failing.failOrders();
            failing.failProbes();
            killed.close();
            await().atMost(LIMIT)
                    .untilAsserted(() ->
                            assertThat(unhealthy(app)).containsOnlyKeys(name(failing), name(killed)));
            int before = failing.orders();

            post(app, 20);

            assertThat(failing.orders()).isEqualTo(before);
            assertThat(unhealthy(app).get(name(failing))).contains("503");
            assertNothingInFlight(app);
        }
    }

    @Test
    void a_vulnerable_http_core_is_warned_of_at_start() {
        String core = VersionInfo.loadVersionInfo("org.apache.hc.core5", getClass().getClassLoader())
                .getRelease();

        if (core.startsWith("5.3.")) {
            assertThat(firstStart)
                    .contains("HttpCore " + core, "CVE-2026-54399", "httpcore5.version", "httpclient5.version");
        } else {
            assertThat(firstStart).contains("Started ").doesNotContain("HttpCore");
        }
    }

    private static ConfigurableApplicationContext app(String probeInterval, String urls) {
        return new SpringApplicationBuilder(OrdersApp.class)
                .web(WebApplicationType.NONE)
                .run("--orders.pool=static:" + urls, "--orders.probe-interval=" + probeInterval);
    }

    private String urls() {
        return servers.stream().map(server -> name(server) + "=" + server.url()).collect(Collectors.joining(","));
    }

    private String name(OrderServer server) {
        return "S" + servers.indexOf(server);
    }

    private static void getUntil(AtomicBoolean enough, RestClient orders) {
        while (!enough.get()) {
            assertThat(orders.get().uri("/orders/7").retrieve().body(String.class))
                    .isEqualTo(OrderServer.ORDER);
        }
    }

    private static void post(ConfigurableApplicationContext app, int times) {
        RestClient orders = app.getBean(RestClient.class);
        for (int i = 0; i < times; i++) {
            String body = "{\"number\":" + i + "}";
            assertThat(orders.post()
                            .uri("/orders")
                            .contentType(MediaType.APPLICATION_JSON)
                            .body(body)
                            .retrieve()
                            .body(String.class))
                    .isEqualTo(body);
        }
    }

    private static Stream<ServerStatus> status(ConfigurableApplicationContext app) {
        return app.getBean(LoadBalancer.class).servers().stream();
    }

    private static List<String> ejected(ConfigurableApplicationContext app) {
        return status(app)
                .filter(server -> server.health().ejected().isPresent())
                .map(server -> server.server().id())
                .toList();
    }

    private static Map<String, String> unhealthy(ConfigurableApplicationContext app) {
        return status(app)
                .filter(server -> server.health().unhealthy().isPresent())
                .collect(Collectors.toMap(
                        server -> server.server().id(),
                        server -> server.health().unhealthy().orElseThrow()));
    }

    private static void assertNothingInFlight(ConfigurableApplicationContext app) {
        assertThat(status(app)).hasSizeGreaterThan(1).extracting(ServerStatus::inFlight).containsOnly(0);
    }
}
