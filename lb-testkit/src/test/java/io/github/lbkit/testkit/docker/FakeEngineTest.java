package io.github.lbkit.testkit.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.testkit.Await;
import io.github.lbkit.testkit.docker.internal.http.JsonValues;
import io.github.lbkit.testkit.docker.internal.http.Tar;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FakeEngineTest {
    private static final String ALL = "/containers/json?all=1";

    @TempDir
    Path directory;

    private FakeEngine engine;
    private PlainClient client;

    @BeforeEach
    void startEngine() throws IOException {
        engine = FakeEngine.builder().socket(directory.resolve("s")).tcp().start();
        client = new PlainClient(engine.host());
    }

    @AfterEach
    void closeEngine() throws IOException {
        client.close();
        engine.close();
    }

    private static PlainClient client(FakeEngine of) throws IOException {
        return new PlainClient(of.host());
    }

    private PlainClient listening(String query) throws IOException {
        PlainClient events = client(engine);
        events.send("GET", "/events" + query, "");
        events.head();
        return events;
    }

    private static String filters(String json) {
        return "?filters=" + URLEncoder.encode(json, StandardCharsets.UTF_8);
    }

    private static String answerOf(String host, int port) throws IOException {
        try (PlainClient http = new PlainClient(new InetSocketAddress(InetAddress.getAllByName(host)[0], port))) {
            return http.call("GET", "/").body();
        }
    }

    @Test
    void it_responds_on_its_socket_and_on_tcp() throws IOException {
        try (PlainClient tcp = new PlainClient(engine.tcpHost())) {
            assertThat(client.call("GET", "/_ping").body()).isEqualTo("OK");
            assertThat(tcp.call("GET", "/version").body()).contains("\"ApiVersion\":\"1.41\"");
            assertThat(tcp.call("GET", "/nonsense").status()).isEqualTo(404);
        }
    }

    @Test
    void it_refuses_api_versions_that_it_does_not_support() throws IOException {
        assertThat(client.call("GET", "/v1.41/_ping").status()).isEqualTo(200);
        assertThat(client.call("GET", "/v1.24/containers/json").status()).isEqualTo(200);
        assertThat(client.call("GET", "/v1.44/_ping").body()).contains("client version 1.44 is too new");
        try (FakeEngine young =
                        FakeEngine.builder().tcp().version(EngineVersion.V29).start();
                PlainClient other = client(young)) {
            assertThat(other.call("GET", "/v1.41/_ping").body()).contains("client version 1.41 is too old");
        }
    }

    @Test
    void a_container_is_created_started_listed_killed_and_removed() throws IOException {
        String spec = JsonValues.write(FakeContainerSpec.named("web")
                .label("app", "shop")
                .publishing(8080)
                .json());

        PlainClient.Received created = client.call("POST", "/v1.41/containers/create?name=web", spec);
        assertThat(created.status()).isEqualTo(201);
        assertThat(client.call("GET", "/containers/json").body()).isEqualTo("[]");
        assertThat(client.call("GET", ALL).body()).contains("\"State\":\"created\"");
        assertThat(client.call("POST", "/containers/web/start").status()).isEqualTo(204);
        assertThat(client.call("POST", "/containers/web/start").status()).isEqualTo(304);
        assertThat(client.call("GET", "/containers/json" + filters("{\"label\":[\"app=shop\"]}"))
                        .body())
                .contains("\"Names\":[\"/web\"]");
        assertThat(client.call("GET", "/containers/json" + filters("{\"label\":{\"app=other\":true}}"))
                        .body())
                .isEqualTo("[]");
        assertThat(client.call("DELETE", "/containers/web").status()).isEqualTo(409);
        assertThat(client.call("POST", "/containers/web/kill").status()).isEqualTo(204);
        assertThat(client.call("GET", "/containers/web/json").body()).contains("\"ExitCode\":137");
        assertThat(client.call("POST", "/containers/web/kill").status()).isEqualTo(409);
        assertThat(client.call("DELETE", "/containers/web").status()).isEqualTo(204);
        assertThat(client.call("GET", "/containers/web/json").status()).isEqualTo(404);
        assertThat(engine.calls()).contains("POST /containers/web/kill");
    }

    @Test
    void a_container_serves_at_its_published_port_and_its_address() throws IOException {
        engine.containers().run(FakeContainerSpec.named("web").publishing(8080));
        Map<String, Object> shown = JsonValues.parseObject(
                client.call("GET", "/containers/web/json").body());
        Map<String, Object> settings = JsonValues.map(shown, "NetworkSettings");
        String hostPort = JsonValues.text(
                JsonValues.asMap(JsonValues.list(JsonValues.map(settings, "Ports"), "8080/tcp")
                        .get(0)),
                "HostPort",
                "");
        String address = JsonValues.text(JsonValues.map(settings, "Networks", "bridge"), "IPAddress", "");

        assertThat(answerOf("127.0.0.1", Integer.parseInt(hostPort))).isEqualTo("web");
        assertThat(answerOf(address, 8080)).isEqualTo("web");
        engine.containers().kill("web");
        assertThatThrownBy(() -> answerOf(address, 8080)).isInstanceOf(IOException.class);
    }

    @Test
    void names_images_and_ports_that_are_not_available_are_refused() throws IOException {
        engine.containers().run(FakeContainerSpec.named("web").publishing(8080));
        String taken = JsonValues.write(FakeContainerSpec.named("web").json());
        String missing =
                JsonValues.write(FakeContainerSpec.named("x").of("nobody/has").json());
        Map<String, Object> shown = JsonValues.parseObject(
                client.call("GET", "/containers/web/json").body());
        int port = Integer.parseInt(JsonValues.text(
                JsonValues.asMap(JsonValues.list(JsonValues.map(shown, "NetworkSettings", "Ports"), "8080/tcp")
                        .get(0)),
                "HostPort",
                ""));
        engine.containers().create(FakeContainerSpec.named("late").publishing(8080, port));

        assertThat(client.call("POST", "/containers/create?name=web", taken).status())
                .isEqualTo(409);
        assertThat(client.call("POST", "/containers/create?name=x", missing).body())
                .contains("No such image");
        assertThat(client.call("POST", "/containers/late/start").body()).contains("address already in use");
        assertThat(client.call("POST", "/images/create?fromImage=nobody/has&tag=1")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void events_are_delivered_and_filtered() throws IOException {
        try (PlainClient events = listening(filters("{\"type\":[\"container\"],\"event\":[\"die\",\"start\"]}"))) {
            engine.containers().run(FakeContainerSpec.named("web"));
            engine.containers().kill("web");

            assertThat(events.chunk()).contains("\"Action\":\"start\"").contains("\"name\":\"web\"");
            assertThat(events.chunk()).contains("\"Action\":\"die\"").contains("\"exitCode\":\"137\"");
            assertThat(engine.eventStreams()).isEqualTo(1);
        }
        Await.inRealTime().until("the engine notices", () -> engine.eventStreams() == 0);
    }

    @Test
    void events_can_be_lost_repeated_delayed_and_cut() throws IOException {
        try (PlainClient events = listening(filters("{\"event\":[\"start\"]}"))) {
            engine.faults().loseEvents(2);
            engine.containers().run(FakeContainerSpec.named("lost"));
            engine.faults().repeatEvents(2);
            engine.containers().run(FakeContainerSpec.named("twice"));
            assertThat(events.chunk()).contains("twice");
            assertThat(events.chunk()).contains("twice");

            engine.faults().clear();
            engine.faults().holdEvents();
            engine.containers().run(FakeContainerSpec.named("late"));
            engine.faults().releaseEvents();
            assertThat(events.chunk()).contains("late");

            engine.faults().cutEvents();
            assertThatThrownBy(events::chunk).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void a_frozen_engine_answers_when_it_thaws() throws IOException {
        engine.faults().freeze();
        CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> {
            try {
                return client.call("GET", "/_ping").body();
            } catch (IOException e) {
                return e.toString();
            }
        });
        try (PlainClient other = new PlainClient(engine.tcpHost())) {
            other.send("GET", "/_ping", "");
            assertThat(answer).isNotDone();

            engine.faults().thaw();
            assertThat(Await.inRealTime().value(answer)).isEqualTo("OK");
        }
    }

    @Test
    void calls_can_be_refused_garbled_and_cut() throws IOException {
        engine.faults().refuse("GET /containers/json", 1, 500, "out of order");
        assertThat(client.call("GET", ALL).body()).isEqualTo("{\"message\":\"out of order\"}");
        engine.faults().garble("GET /containers/json", 1);
        assertThat(client.call("GET", ALL).body()).isEqualTo("{\"Id\": [oops");
        assertThat(client.call("GET", ALL).body()).isEqualTo("[]");
        engine.faults().cut("GET /.*", 1);
        assertThatThrownBy(() -> client.call("GET", "/info")).isInstanceOf(EOFException.class);
    }

    @Test
    void a_read_only_engine_refuses_changes() throws IOException {
        engine.faults().readOnly(true);

        assertThat(client.call("GET", ALL).status()).isEqualTo(200);
        assertThat(client.call("POST", "/containers/create?name=x", "{}").status())
                .isEqualTo(403);
        engine.faults().clear();
        assertThat(client.call("POST", "/containers/create?name=x", "{}").status())
                .isEqualTo(404);
    }

    @Test
    void a_connection_that_was_dropped_is_broken_and_a_crashed_engine_refuses() throws IOException {
        client.call("GET", "/_ping");
        engine.faults().dropConnections();
        Await.inRealTime().until("the connection is gone", () -> engine.connections() == 0);
        assertThatThrownBy(() -> client.call("GET", "/_ping")).isInstanceOf(IOException.class);

        engine.crash();
        assertThatThrownBy(() -> client(engine)).isInstanceOf(ConnectException.class);
        engine.vanish();
        assertThatThrownBy(() -> client(engine)).isInstanceOf(SocketException.class);
        engine.startAgain();
        try (PlainClient again = client(engine)) {
            assertThat(again.call("GET", "/_ping").body()).isEqualTo("OK");
        }
    }

    @Test
    void containers_run_on_without_the_engine_with_live_restore() {
        engine.containers().run(FakeContainerSpec.named("web"));

        engine.stop(true);
        assertThat(engine.containers().running()).containsExactly("web");
        engine.startAgain();
        engine.stop(false);
        assertThat(engine.containers().state("web")).contains("exited");
    }

    @Test
    void a_container_that_ignores_its_stop_signal_is_killed_and_health_is_reported() throws IOException {
        engine.images().add("deaf", ContainerBehaviour.IGNORES_STOP);
        engine.images().add("ill", ContainerBehaviour.UNHEALTHY);
        engine.containers().run(FakeContainerSpec.named("stubborn").of("deaf"));
        engine.containers().run(FakeContainerSpec.named("sick").of("ill").withHealthCheck());

        assertThat(client.call("POST", "/containers/stubborn/kill?signal=SIGTERM")
                        .status())
                .isEqualTo(204);
        assertThat(engine.containers().running()).contains("stubborn");
        assertThat(client.call("POST", "/containers/stubborn/stop?t=1").status())
                .isEqualTo(204);
        assertThat(engine.containers().state("stubborn")).contains("exited");
        Await.inRealTime()
                .until(
                        "the check has failed",
                        () -> body(filters("{\"health\":[\"unhealthy\"]}")).contains("sick"));
        assertThat(body("")).contains("(unhealthy)");
    }

    private String body(String query) {
        try {
            return client.call("GET", "/containers/json" + query).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void files_are_copied_into_and_out_of_a_container() throws IOException {
        engine.containers().create(FakeContainerSpec.named("lease"));
        byte[] tar = Tar.write("counter", "41".getBytes(StandardCharsets.US_ASCII));

        assertThat(client.call("PUT", "/containers/lease/archive?path=/", new String(tar, StandardCharsets.ISO_8859_1))
                        .status())
                .isEqualTo(200);
        String back =
                client.call("GET", "/containers/lease/archive?path=/counter").body();

        assertThat(Tar.read(back.getBytes(StandardCharsets.ISO_8859_1)).get("counter"))
                .asString(StandardCharsets.US_ASCII)
                .isEqualTo("41");
        assertThat(client.call("GET", "/containers/lease/archive?path=/none").status())
                .isEqualTo(404);
    }

    @Test
    void images_are_built_and_pulled_with_progress() throws IOException {
        byte[] context = Tar.write("Dockerfile", "FROM scratch".getBytes(StandardCharsets.US_ASCII));
        engine.images().offer("public/base:1");

        assertThat(client.call("POST", "/build?t=own/image:2", new String(context, StandardCharsets.ISO_8859_1))
                        .body())
                .contains("Successfully tagged own/image:2");
        assertThat(client.call("POST", "/images/create?fromImage=public/base&tag=1")
                        .body())
                .contains("Downloading");

        assertThat(engine.images().names()).contains("own/image:2", "public/base:1");
        assertThat(client.call("GET", "/images/own/image:2/json").status()).isEqualTo(200);
    }

    @Test
    void a_swarm_runs_the_desired_number_of_tasks() throws IOException {
        FakeSwarm swarm = engine.swarm();
        assertThat(client.call("GET", "/tasks").status()).isEqualTo(503);
        swarm.init("one", "two");
        swarm.createService("shop", 3, 8080);
        Await.inRealTime().until("three run", () -> swarm.running("shop").equals(List.of(1, 2, 3)));

        List<?> tasks = (List<?>) JsonValues.parse(client.call("GET", "/tasks" + filters("{\"service\":[\"shop\"]}"))
                .body());
        Map<String, Object> status = JsonValues.map(JsonValues.asMap(tasks.get(0)), "Status", "PortStatus");
        assertThat(JsonValues.list(status, "Ports")).hasSize(2);
        swarm.scale("shop", 2);
        Await.inRealTime().until("two run", () -> swarm.running("shop").equals(List.of(1, 2)));
        swarm.kill("shop", 1);
        Await.inRealTime().until("two run again", () -> swarm.running("shop").equals(List.of(1, 2)));
        swarm.down("two");
        Await.inRealTime().until("two run on one", () -> swarm.running("shop").equals(List.of(1, 2)));
        swarm.up("two");
        assertThat(client.call("POST", "/services/shop/update?version=1", "{}").body())
                .contains("update out of sequence");
    }

    @Test
    void no_thread_is_left_after_closing() {
        engine.containers().run(FakeContainerSpec.named("web").publishing(8080));
        engine.faults().slow(Duration.ofMillis(1));

        engine.close();
        engine.close();

        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith(engine.name() + "-"));
    }
}
