package io.github.lbkit.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Server;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.testkit.Await;
import io.github.lbkit.testkit.docker.EngineVersion;
import io.github.lbkit.testkit.docker.FakeEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults that are too rare on a real engine to be tested there. */
class FaultyEngineTest {
    private static final String SERVER = "Server 1";
    private static final String CREATE = "POST /containers/create";

    @TempDir
    private Path directory;

    private final PoolFixture stage = new PoolFixture();
    private final Await await = Await.inRealTime();
    private FakeEngine engine = FakeEngine.builder().tcp().start();

    @AfterEach
    void close() {
        engine.faults().clear();
        stage.close();
        engine.close();
    }

    private DockerOptions options() {
        return DockerOptions.image(FakeEngine.IMAGE, 8080).engine(engine.host()).build();
    }

    private FakeEngine another(FakeEngine.Builder builder) {
        engine.close();
        engine = builder.start();
        return engine;
    }

    private DockerServerPool pool() {
        DockerServerPool pool = stage.open(Runtimes.system(), options(), builder -> builder.servers(2));
        stage.awaitReady(pool, 2);
        return pool;
    }

    private void awaitReplaced(DockerServerPool pool, Map<String, Long> before) {
        await.until(
                "it is replaced",
                () -> PoolFixture.generations(pool).getOrDefault(SERVER, 0L) > before.getOrDefault(SERVER, 0L));
    }

    @Test
    void engines_newer_than_all_that_is_known_here_are_talked_to() {
        another(FakeEngine.builder().tcp().version(EngineVersion.V29));

        assertThat(pool().membership().servers()).hasSize(2);
    }

    @Test
    void an_engine_that_is_too_old_is_refused_by_name() {
        another(FakeEngine.builder().tcp().version(EngineVersion.V1_12));
        DockerServerPool pool = stage.open(2, options());
        await.value(pool.ready());

        assertThatThrownBy(() -> await.value(pool.add(1, List.of())))
                .hasMessageContaining("1.24")
                .hasMessageContaining("19.03");
    }

    @Test
    void an_engine_behind_a_unix_socket_is_talked_to() {
        another(FakeEngine.builder().socket(directory.resolve("s")));

        assertThat(pool().membership().servers()).hasSize(2);
    }

    @Test
    void a_slow_engine_is_waited_for() {
        engine.faults().slow(Duration.ofMillis(300));

        assertThat(pool().membership().servers()).hasSize(2);
    }

    @Test
    void a_death_that_no_event_tells_is_found_in_the_list() {
        DockerServerPool pool = pool();
        Map<String, Long> before = PoolFixture.generations(pool);

        engine.faults().loseEvents(100);
        engine.containers().kill(stage.container(pool, SERVER));

        awaitReplaced(pool, before);
    }

    @Test
    void a_death_while_the_event_stream_was_cut_is_found_when_it_is_back() {
        DockerServerPool pool = pool();
        Map<String, Long> before = PoolFixture.generations(pool);

        engine.faults().holdEvents();
        engine.containers().kill(stage.container(pool, SERVER));
        engine.faults().cutEvents();
        engine.faults().releaseEvents();

        awaitReplaced(pool, before);
        await.until("there is one stream again", () -> engine.eventStreams() == 1);
    }

    @Test
    void events_that_come_twice_replace_once() {
        DockerServerPool pool = pool();
        Map<String, Long> before = PoolFixture.generations(pool);

        engine.faults().repeatEvents(3);
        engine.containers().kill(stage.container(pool, SERVER));
        awaitReplaced(pool, before);
        stage.awaitReady(pool, 2);

        long created = engine.calls().stream().filter(CREATE::equals).count();
        assertThat(created).isEqualTo(4); // the lease, two servers, one replacement
    }

    @Test
    void a_list_older_than_the_end_of_a_launch_ends_no_instance() {
        engine.faults().slow(Duration.ofMillis(20));
        DockerServerPool pool = stage.open(
                Runtimes.system(), options(), builder -> builder.servers(12).resyncInterval(Duration.ofMillis(1)));

        stage.awaitReady(pool, 12);

        long created = engine.calls().stream().filter(CREATE::equals).count();
        assertThat(created).isEqualTo(13); // the lease, and each server once
    }

    @Test
    void an_event_about_a_past_instance_has_no_effect() {
        DockerServerPool pool = pool();
        Map<String, Long> before = PoolFixture.generations(pool);

        engine.faults().holdEvents();
        String old = stage.container(pool, SERVER);
        engine.containers().kill(old);
        awaitReplaced(pool, before);
        Map<String, Long> after = PoolFixture.generations(pool);
        engine.faults().releaseEvents();
        await.value(pool.add(1, List.of("A")));

        assertThat(PoolFixture.generations(pool)).containsAllEntriesOf(after);
    }

    @Test
    void connections_that_were_dropped_while_idle_cost_nothing() {
        DockerServerPool pool = pool();

        engine.faults().dropConnections();

        assertThat(await.value(pool.add(1, List.of("A"))).complete()).isTrue();
    }

    @Test
    void a_container_whose_making_was_not_confirmed_is_used_and_not_made_twice() {
        DockerServerPool pool = pool();

        engine.faults().cut(CREATE, 1);

        assertThat(await.value(pool.add(1, List.of("A"))).complete()).isTrue();
        assertThat(engine.containers().names()).hasSize(4); // three, and the lease
    }

    @Test
    void a_call_that_the_engine_fails_at_once_is_retried() {
        DockerServerPool pool = pool();
        Map<String, Long> before = PoolFixture.generations(pool);

        engine.faults().refuse("POST /containers/[^/]+/start", 2, 500, "driver failed: port is already allocated");
        engine.faults().refuse(CREATE, 1, 409, "Conflict. The container name is already in use");
        engine.containers().kill(stage.container(pool, SERVER));

        awaitReplaced(pool, before);
        await.until(
                "nothing half made is left", () -> engine.containers().names().size() == 3);
    }

    @Test
    void answers_that_make_no_sense_change_nothing() {
        DockerServerPool pool = pool();
        Map<String, Long> before = PoolFixture.generations(pool);

        engine.faults().garble("GET /containers/json", 3);
        engine.faults().garble("GET /containers/lbkit-lease[^/]+/json", 2);
        await.until("it was asked", () -> pool.age().isZero() && answered(3));

        assertThat(PoolFixture.generations(pool)).isEqualTo(before);
        assertThat(await.value(pool.add(1, List.of("A"))).complete()).isTrue();
    }

    private boolean answered(int lists) {
        return engine.calls().stream().filter("GET /containers/json"::equals).count() > lists + 1;
    }

    @Test
    void a_removal_that_another_has_begun_is_waited_for() {
        DockerServerPool pool = pool();

        engine.faults().refuse("DELETE /containers/[^/]+", 2, 409, "removal of container is already in progress");

        assertThat(await.value(pool.remove(1, List.of(SERVER))).complete()).isTrue();
        await.until("it is gone", () -> engine.containers().names().size() == 2);
    }

    @Test
    void a_filter_that_forbids_changes_is_named() {
        engine.faults().readOnly(true);
        DockerServerPool pool = stage.open(1, options());
        await.value(pool.ready());

        assertThat(pool.membership().servers()).allMatch(server -> server.state() == Server.State.DOWN);
        assertThatThrownBy(() -> await.value(pool.add(1, List.of()))).hasMessageContaining("(status 403)");
        engine.faults().readOnly(false);
        stage.awaitReady(pool, 1);
    }

    @Test
    void an_image_that_is_missing_is_pulled_when_that_was_asked_for() {
        engine.images().offer("shop:1");
        DockerOptions options = DockerOptions.image("shop:1", 8080)
                .engine(engine.host())
                .pull(DockerOptions.Pull.MISSING)
                .build();

        DockerServerPool pool = stage.open(1, options);
        await.value(pool.ready());

        await.until("it was pulled", () -> engine.images().names().stream().anyMatch(name -> name.startsWith("shop")));
        assertThat(engine.calls()).contains("POST /images/create");
    }

    @Test
    void nothing_is_left_open_when_a_pool_is_closed() {
        DockerServerPool pool = pool();

        pool.close();

        await.until("no connection is left", () -> engine.connections() == 0);
        assertThat(engine.containers().names()).isEmpty();
        await.until(
                "no thread is left",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .noneMatch(name -> Arrays.stream(new String[] {"docker-", "pool-"})
                                .anyMatch(prefix -> name.startsWith(prefix + stage.name))));
    }
}
