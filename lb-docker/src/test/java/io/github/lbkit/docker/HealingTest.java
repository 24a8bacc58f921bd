package io.github.lbkit.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.pool.supervised.SupervisedOptions;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.docker.internal.engine.EngineCall;
import io.github.lbkit.docker.internal.engine.Json;
import io.github.lbkit.docker.real.NeedsEngine;
import io.github.lbkit.docker.real.RealEngine;
import io.github.lbkit.docker.real.TestImage;
import io.github.lbkit.testkit.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The behaviour of a pool when its containers fail. */
@NeedsEngine
class HealingTest {
    private static final String SERVER = "Server 1";

    private final PoolFixture stage = new PoolFixture();
    private final Await await = Await.inRealTime();

    @BeforeAll
    static void buildImage() throws IOException {
        TestImage.build();
    }

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void a_killed_container_is_replaced_under_its_id() {
        replaces(stage.image().build(), RealEngine::kill);
    }

    @Test
    void a_removed_container_is_replaced_under_its_id() {
        replaces(stage.image().build(), RealEngine::remove);
    }

    @Test
    void a_paused_container_is_replaced_under_its_id() {
        replaces(
                stage.image().build(),
                container -> RealEngine.engine().bytes(EngineCall.post("/containers/" + container + "/pause")));
    }

    @Test
    void a_container_that_hangs_is_replaced_under_its_id() {
        HealthChecks life = HealthChecks.builder(stage.probe)
                .interval(Duration.ofMillis(300))
                .failingInterval(Duration.ofMillis(300))
                .timeout(Duration.ofMillis(500))
                .build();

        replaces(
                stage.image().build(),
                settings -> settings.liveness(life),
                container -> RealEngine.engine()
                        .bytes(EngineCall.post("/containers/" + container + "/kill?signal=SIGSTOP")));
    }

    @Test
    void a_container_that_turns_unhealthy_is_replaced_under_its_id() throws IOException {
        String image = TestImage.build(
                RealEngine.engine(),
                TestImage.NAME + "-health",
                "HEALTHCHECK --interval=300ms --timeout=2s --retries=1"
                        + " CMD [\"/bin/busybox\", \"test\", \"!\", \"-e\", \"/tmp/ill\"]\n");
        DockerOptions options = stage.image().build().withImage(image);

        replaces(options, container -> exec(container, "/bin/busybox", "mkdir", "-p", "/tmp/ill"));
    }

    @Test
    void a_container_that_runs_out_of_memory_is_replaced_under_its_id() {
        DockerOptions options = stage.image().memory(16L << 20).build();

        replaces(
                options,
                container ->
                        exec(container, "/bin/busybox", "sh", "-c", "x=a; while :; do x=$x$x; done & wait; kill -9 1"));
    }

    private void replaces(DockerOptions options, Consumer<String> misfortune) {
        replaces(options, settings -> settings, misfortune);
    }

    private void replaces(
            DockerOptions options, UnaryOperator<SupervisedOptions.Builder> settings, Consumer<String> misfortune) {
        DockerServerPool pool = stage.open(Runtimes.system(), options, builder -> settings.apply(builder.servers(2)));
        stage.awaitReady(pool, 2);
        Map<String, Long> before = PoolFixture.generations(pool);
        long fingerprint = pool.membership().fingerprint();

        misfortune.accept(stage.container(pool, SERVER));
        await.until(
                "the server is replaced",
                () -> PoolFixture.generations(pool).getOrDefault(SERVER, 0L) > before.getOrDefault(SERVER, 0L));

        assertThat(PoolFixture.generations(pool)).containsEntry("Server 2", before.get("Server 2"));
        assertThat(pool.membership().fingerprint()).isEqualTo(fingerprint);
        assertThat(stage.answers(PoolFixture.instance(pool, SERVER))).isTrue();
        await.until("the old container is gone", () -> stage.containers() == 2);
    }

    private static void exec(String container, String... command) {
        String id = RealEngine.engine()
                .ask(EngineCall.post("/containers/" + container + "/exec", Json.of(Map.of("Cmd", List.of(command)))))
                .at("Id")
                .text()
                .orElseThrow();
        RealEngine.engine().bytes(EngineCall.post("/exec/" + id + "/start", Json.of(Map.of("Detach", true))));
    }

    @Test
    void a_container_is_created_with_the_settings_of_the_options() {
        DockerOptions options = stage.image()
                .environment("WHO", "{id}")
                .memory(32L << 20)
                .cpus(0.5)
                .readOnlyRoot(true)
                .user("1000:1000")
                .log("json-file", Map.of("max-size", "1m"))
                .build();
        DockerServerPool pool = stage.open(1, options);
        stage.awaitReady(pool, 1);

        Json made = made(pool);

        Json host = made.at("HostConfig");
        assertThat(made.at("Config", "Env").toString()).contains("WHO=Server 1");
        assertThat(made.at("Config", "User").text("")).isEqualTo("1000:1000");
        assertThat(made.at("Config", "Labels").texts())
                .containsEntry("lbkit.pool", stage.name)
                .containsEntry("lbkit.id", SERVER)
                .containsKeys("lbkit.generation", "lbkit.spec", "lbkit.creator");
        assertThat(host.at("Memory").number(0)).isEqualTo(32L << 20);
        assertThat(host.at("NanoCpus").number(0)).isEqualTo(500_000_000);
        assertThat(host.at("ReadonlyRootfs").bool(false)).isTrue();
        assertThat(host.at("CapDrop").toString()).isEqualTo("[\"ALL\"]");
        assertThat(host.at("SecurityOpt").toString()).isEqualTo("[\"no-new-privileges\"]");
        assertThat(host.at("RestartPolicy", "Name").text("")).isEqualTo("no");
        assertThat(host.at("LogConfig", "Config", "max-size").text("")).isEqualTo("1m");
        assertThat(host.at("PortBindings", "8080/tcp").toString()).contains("\"HostIp\":\"127.0.0.1\"");
    }

    @Test
    void a_container_that_ends_at_once_fails_its_addition_with_its_last_output() {
        DockerOptions options = stage.image()
                .command(List.of("/bin/busybox", "sh", "-c", "echo no config here; exit 3"))
                .build();
        DockerServerPool pool = stage.open(0, options);
        await.value(pool.ready());

        PoolChange change = await.value(pool.add(1, List.of("A")));

        assertThat(change.failed()).hasSize(1);
        assertThat(change.failed().get(0).detail()).contains("exited with code 3");
        assertThat(pool.desired()).isEmpty();
    }

    @Test
    void a_new_image_is_rolled_out_with_the_old_serving_until_the_new_does() throws IOException {
        String young = TestImage.build(RealEngine.engine(), TestImage.NAME + "-young", "LABEL young=yes\n");
        DockerOptions options = stage.image().build();
        DockerServerPool pool = stage.open(3, options);
        stage.awaitReady(pool, 3);
        List<Long> fewest = new CopyOnWriteArrayList<>();
        pool.subscribe(membership -> fewest.add(membership.servers().stream()
                .filter(server -> server.state() == Server.State.READY)
                .count()));

        PoolChange change = await.value(pool.rollOut(options.withImage(young)));

        assertThat(change.complete()).isTrue();
        assertThat(change.servers()).allMatch(one -> one.outcome() == PoolChange.Outcome.REPLACED);
        assertThat(fewest).allMatch(ready -> ready == 3);
        assertThat(made(pool).at("Config", "Labels").texts()).containsEntry("lbkit.image", young);
        assertThat(imageOf(pool)).isEqualTo(idOf(young)).isNotEqualTo(idOf(TestImage.NAME));
    }

    @Test
    void a_name_that_was_built_anew_is_rolled_out_and_reverted_by_the_images_ids() throws IOException {
        String name = TestImage.build(RealEngine.engine(), TestImage.NAME + "-rebuilt", "LABEL version=1\n");
        DockerServerPool pool = stage.open(2, stage.image().build().withImage(name));
        stage.awaitReady(pool, 2);
        DockerOptions before = pool.spec();
        String first = idOf(name);
        TestImage.build(RealEngine.engine(), name, "LABEL version=2\n");
        String second = idOf(name);

        PoolChange change = await.value(pool.rollOut(before.withImage(name)));
        String rolledOut = imageOf(pool);
        await.value(pool.rollOut(before));

        assertThat(change.servers()).hasSize(2).allMatch(one -> one.outcome() == PoolChange.Outcome.REPLACED);
        assertThat(rolledOut).isEqualTo(second).isNotEqualTo(first);
        assertThat(imageOf(pool)).isEqualTo(first);
    }

    private Json made(DockerServerPool pool) {
        return RealEngine.engine().ask(EngineCall.get("/containers/" + stage.container(pool, SERVER) + "/json"));
    }

    /** The id of the image that the server's container runs. */
    private String imageOf(DockerServerPool pool) {
        return digits(made(pool).at("Image").text(""));
    }

    private static String idOf(String image) {
        return digits(RealEngine.engine()
                .ask(EngineCall.get("/images/" + image + "/json"))
                .at("Id")
                .text(""));
    }

    private static String digits(String id) {
        return id.substring(id.indexOf(':') + 1);
    }

    @Test
    void a_rollout_of_an_image_that_is_missing_is_refused_and_the_old_serve_on() {
        DockerOptions options = stage.image().build();
        DockerServerPool pool = stage.open(2, options);
        stage.awaitReady(pool, 2);
        Map<String, Long> before = PoolFixture.generations(pool);

        var rollout = pool.rollOut(options.withImage("lb-test/nobody-built-this:2"));

        assertThatThrownBy(() -> await.value(rollout)).hasMessageContaining("No such image");
        assertThat(PoolFixture.generations(pool)).isEqualTo(before);
    }

    @Test
    void a_rollout_stops_by_itself_when_the_new_ones_fail_and_the_old_serve_on() throws IOException {
        String broken =
                TestImage.build(RealEngine.engine(), TestImage.NAME + "-broken", "CMD [\"/bin/busybox\", \"false\"]\n");
        DockerOptions options = stage.image().build();
        DockerServerPool pool = stage.open(2, options);
        stage.awaitReady(pool, 2);
        Map<String, Long> before = PoolFixture.generations(pool);

        PoolChange change = await.value(pool.rollOut(options.withImage(broken)));

        assertThat(change.failed()).hasSize(1);
        assertThat(change.failed().get(0).detail()).contains("exited with code 1");
        assertThat(PoolFixture.generations(pool)).isEqualTo(before);
    }

    @Test
    void a_missing_image_is_named_and_refuses_changes() {
        DockerServerPool pool = stage.open(2, stage.image().build().withImage("lb-test/nobody-built-this:1"));

        await.value(pool.ready());

        assertThat(pool.membership().servers())
                .hasSize(2)
                .allMatch(s -> s.instance().isEmpty());
        assertThatThrownBy(() -> await.value(pool.add(1, List.of())))
                .hasMessageContaining("No such image: lb-test/nobody-built-this:1")
                .hasMessageContaining("pull=missing");
    }

    @Test
    void a_container_on_a_network_is_reached_by_its_own_address() {
        DockerServerPool pool = stage.open(1, stage.image().network("bridge").build());
        stage.awaitReady(pool, 1);

        assertThat(PoolFixture.instance(pool, SERVER).address().port()).isEqualTo(TestImage.PORT);
        assertThat(PoolFixture.instance(pool, SERVER).address().host()).doesNotStartWith("127.");
    }

    @Test
    void thirty_containers_at_once_all_serve_and_all_go() {
        // an engine that starts one container after the other needs half a second for each
        DockerServerPool pool = stage.open(
                Runtimes.system(),
                stage.image().build(),
                builder -> builder.servers(0).readinessTimeout(Duration.ofMinutes(3)));
        await.value(pool.ready());

        var added = pool.add(30, List.of());
        for (int i = 10; i <= 30; i += 10) {
            int some = i;
            await.until(i + " serve", () -> PoolFixture.generations(pool).size() >= some);
        }
        assertThat(await.value(added).complete()).isTrue();
        var removed = pool.resize(0);

        assertThat(await.value(removed).complete()).isTrue();
        await.until("half are gone", () -> stage.containers() <= 15);
        await.until("all are gone", () -> stage.containers() == 0);
    }
}
