package io.github.lbkit.docker;

import static io.github.lbkit.docker.FakeEngines.generation;
import static io.github.lbkit.docker.FakeEngines.ready;
import static io.github.lbkit.docker.FakeEngines.shop;
import static io.github.lbkit.docker.FakeEngines.states;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.Server.State;
import io.github.lbkit.api.pool.ServerPools;
import io.github.lbkit.testkit.Await;
import io.github.lbkit.testkit.docker.ContainerBehaviour;
import io.github.lbkit.testkit.docker.EngineVersion;
import io.github.lbkit.testkit.docker.FakeContainerSpec;
import io.github.lbkit.testkit.docker.FakeEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerDiscoveryPoolTest {
    /** Nobody waits for a list that no event has asked for. */
    private static final Duration NEVER = Duration.ofHours(1);

    private final Await await = Await.inRealTime();

    @TempDir
    Path directory;

    private FakeEngine engine;

    @BeforeEach
    void startEngine() {
        engine = FakeEngine.builder().socket(directory.resolve("s")).tcp().start();
    }

    @AfterEach
    void closeEngine() {
        engine.close();
    }

    private DiscoveryOptions.Builder options() {
        return DiscoveryOptions.pool("shop")
                .host(engine.host())
                .relistInterval(NEVER)
                .timeout(Duration.ofSeconds(1));
    }

    private DockerDiscoveryPool open(DiscoveryOptions.Builder options) {
        DockerDiscoveryPool pool = DockerDiscoveryPool.open(FakeEngines.context("discover"), options.build());
        await.value(pool.ready());
        await.until("events come", () -> engine.eventStreams() == 1);
        return pool;
    }

    private void awaitStates(DockerDiscoveryPool pool, Map<String, State> expected) {
        await.until("servers are " + expected, () -> states(pool).equals(expected));
    }

    @Test
    void containers_with_the_label_are_servers_and_no_others() {
        engine.containers().run(shop("web-1"));
        engine.containers().run(FakeContainerSpec.named("stranger").publishing(8080));
        engine.containers()
                .run(FakeContainerSpec.named("other")
                        .label("lbkit.pool", "else")
                        .publishing(8080));

        try (DockerDiscoveryPool pool = open(options())) {
            assertThat(states(pool)).isEqualTo(Map.of("web-1", State.READY));
            engine.containers().run(shop("web-2"));
            awaitStates(pool, Map.of("web-1", State.READY, "web-2", State.READY));
            engine.containers().remove("web-1");
            awaitStates(pool, Map.of("web-2", State.READY));
        }
    }

    @Test
    void labels_say_id_weight_port_scheme_and_probe() {
        engine.containers()
                .run(shop("web-1")
                        .publishing(9090)
                        .label("lbkit.id", "S 1")
                        .label("lbkit.weight", "7")
                        .label("lbkit.port", "9090")
                        .label("lbkit.scheme", "https")
                        .label("lbkit.probe", "/health?deep"));

        try (DockerDiscoveryPool pool = open(options())) {
            Server server = pool.membership().server("S 1").orElseThrow();
            Address address = server.instance().orElseThrow().address();

            assertThat(server.weight()).isEqualTo(7);
            assertThat(address.host()).isEqualTo("127.0.0.1");
            assertThat(address.scheme()).isEqualTo("https");
            assertThat(address.attributes()).containsEntry(Address.PROBE, "/health?deep");
            assertThat(server.instance().orElseThrow().name()).isEqualTo("web-1");
        }
    }

    @Test
    void bad_labels_are_refused_by_name_and_harm_no_other_container() {
        engine.containers().run(shop("good"));
        engine.containers().run(shop("heavy").label("lbkit.weight", "much"));
        engine.containers().run(shop("nowhere").label("lbkit.port", "70000"));
        engine.containers().run(shop("elsewhere").label("lbkit.port", "81"));
        engine.containers().run(shop("odd").label("lbkit.id", "../../x"));
        engine.containers().run(shop("far").label("lbkit.scheme", "gopher"));
        engine.containers().run(shop("blank").label("lbkit.probe", "http://evil/"));
        engine.containers().run(shop("two").publishing(9090));

        try (DockerDiscoveryPool pool = open(options())) {
            assertThat(ready(pool)).containsExactly("good");
            assertThat(pool.refused())
                    .hasSize(7)
                    .containsEntry("heavy", "label lbkit.weight is 'much', not a number from 0 to 1000000")
                    .containsEntry("nowhere", "label lbkit.port is '70000', not a number from 1 to 65535")
                    .containsEntry("far", "label lbkit.scheme is 'gopher', not http or https")
                    .hasEntrySatisfying("odd", why -> assertThat(why).startsWith("label lbkit.id is '../../x'"))
                    .hasEntrySatisfying("elsewhere", why -> assertThat(why).contains("port 81 is not published"))
                    .hasEntrySatisfying(
                            "two", why -> assertThat(why).contains("8080").contains("lbkit.port"))
                    .hasEntrySatisfying("blank", why -> assertThat(why).contains("lbkit.probe"));
        }
    }

    @Test
    void of_two_with_one_id_the_first_stays_and_the_other_takes_over_when_it_dies() {
        engine.containers().run(shop("web-1").label("lbkit.id", "S1"));
        try (DockerDiscoveryPool pool = open(options())) {
            engine.containers().run(shop("web-2").label("lbkit.id", "S1"));
            await.until("the second is refused", () -> pool.refused().containsKey("web-2"));
            assertThat(pool.refused().get("web-2")).contains("'S1' is taken by container web-1");
            long generation = generation(pool, "S1");

            engine.containers().kill("web-1");
            await.until(
                    "the second serves",
                    () -> ready(pool).equals(List.of("S1")) && generation(pool, "S1") > generation);
            assertThat(pool.refused()).isEmpty();
        }
    }

    @Test
    void an_event_ends_a_container_though_the_engine_cannot_list() {
        engine.images().add("deaf", ContainerBehaviour.IGNORES_STOP);
        engine.containers().run(shop("wa"));
        engine.containers().run(shop("wb"));
        engine.containers().run(shop("wc").of("deaf"));
        engine.containers().run(shop("wd"));
        engine.containers().run(shop("we"));
        try (DockerDiscoveryPool pool = open(options())) {
            List<PoolEvent> events = new CopyOnWriteArrayList<>();
            var subscription = pool.subscribe(new PoolListener() {
                @Override
                public void changed(Membership membership) {}

                @Override
                public void happened(PoolEvent event) {
                    events.add(event);
                }
            });
            engine.faults().ignore("GET /containers/json", 1000);

            engine.containers().kill("wa");
            engine.containers().pause("wb");
            engine.containers().signal("wc", "SIGTERM");
            engine.containers().outOfMemory("wd");
            engine.containers().signal("we", "SIGHUP");

            awaitStates(
                    pool,
                    Map.of("wa", State.DOWN, "wb", State.DOWN, "wc", State.DOWN, "wd", State.DOWN, "we", State.READY));
            await.until("the losses are told", () -> events.size() >= 4);
            assertThat(events).allSatisfy(event -> assertThat(event).isInstanceOf(PoolEvent.Lost.class));
            subscription.close();
        }
    }

    @Test
    void a_container_that_is_stopped_or_paused_comes_back_under_its_id() {
        engine.containers().run(shop("web-1"));
        try (DockerDiscoveryPool pool = open(options())) {
            long first = generation(pool, "web-1");
            engine.containers().pause("web-1");
            awaitStates(pool, Map.of("web-1", State.DOWN));
            engine.containers().unpause("web-1");
            awaitStates(pool, Map.of("web-1", State.READY));
            assertThat(generation(pool, "web-1")).isEqualTo(first);

            engine.containers().stop("web-1");
            awaitStates(pool, Map.of("web-1", State.DOWN));
            engine.containers().start("web-1");
            awaitStates(pool, Map.of("web-1", State.READY));
            assertThat(generation(pool, "web-1")).isGreaterThan(first);
        }
    }

    @Test
    void health_checks_of_containers_are_honoured() {
        engine.images().add("slow", ContainerBehaviour.NEVER_HEALTHY);
        engine.containers().run(shop("web-1").of("slow").withHealthCheck());
        try (DockerDiscoveryPool pool = open(options())) {
            assertThat(states(pool)).isEqualTo(Map.of("web-1", State.STARTING));
            engine.containers().health("web-1", "healthy");
            awaitStates(pool, Map.of("web-1", State.READY));
            engine.containers().health("web-1", "unhealthy");
            awaitStates(pool, Map.of("web-1", State.DOWN));
            engine.containers().health("web-1", "healthy");
            awaitStates(pool, Map.of("web-1", State.READY));
        }
    }

    @Test
    void lost_events_are_made_good_by_the_next_list() {
        engine.containers().run(shop("web-1"));
        try (DockerDiscoveryPool pool = open(options().relistInterval(Duration.ofMillis(50)))) {
            engine.faults().loseEvents(1000);
            engine.containers().kill("web-1");
            engine.containers().run(shop("web-2"));

            awaitStates(pool, Map.of("web-1", State.DOWN, "web-2", State.READY));
        }
    }

    @Test
    void repeated_and_late_events_change_nothing_in_the_end() {
        engine.containers().run(shop("web-1"));
        try (DockerDiscoveryPool pool = open(options())) {
            engine.faults().repeatEvents(3);
            engine.faults().holdEvents();
            engine.containers().kill("web-1");
            engine.containers().start("web-1");
            engine.containers().run(shop("web-2"));
            engine.faults().releaseEvents();

            awaitStates(pool, Map.of("web-1", State.READY, "web-2", State.READY));
        }
    }

    @Test
    void after_the_event_stream_was_cut_everything_is_looked_at_anew() {
        engine.containers().run(shop("web-1"));
        try (DockerDiscoveryPool pool = open(options())) {
            long first = generation(pool, "web-1");
            engine.faults().loseEvents(1000);
            engine.containers().kill("web-1");
            engine.containers().start("web-1");
            engine.containers().run(shop("web-2"));

            engine.faults().cutEvents();

            awaitStates(pool, Map.of("web-1", State.READY, "web-2", State.READY));
            assertThat(generation(pool, "web-1")).isGreaterThan(first);
        }
    }

    @Test
    void membership_survives_an_engine_that_is_frozen_gone_failing_or_talks_nonsense() {
        engine.containers().run(shop("web-1"));
        Map<String, State> before = Map.of("web-1", State.READY);
        try (DockerDiscoveryPool pool = open(options().relistInterval(Duration.ofMillis(20)))) {
            engine.faults().refuse("GET /containers/json", 3, 500, "the engine failed");
            engine.faults().garble("GET /containers/json", 3);
            engine.faults().cut("GET /containers/json", 3);
            int asked = engine.calls().size();
            await.until("it was asked", () -> engine.calls().size() > asked + 8);
            assertThat(states(pool)).isEqualTo(before);

            engine.faults().freeze();
            await.until("it is old", () -> pool.age().compareTo(Duration.ofSeconds(2)) > 0);
            assertThat(states(pool)).isEqualTo(before);
            engine.faults().thaw();
            await.until("it is young", () -> pool.age().compareTo(Duration.ofSeconds(1)) < 0);

            engine.vanish();
            await.until("it is old", () -> pool.age().compareTo(Duration.ofSeconds(2)) > 0);
            assertThat(states(pool)).isEqualTo(before);
            engine.containers().kill("web-1");
            engine.containers().run(shop("web-2"));
            engine.startAgain();
            awaitStates(pool, Map.of("web-1", State.DOWN, "web-2", State.READY));
        }
    }

    @Test
    void a_pool_opens_before_its_engine_does() {
        engine.crash();
        engine.containers().run(shop("web-1"));
        try (DockerDiscoveryPool pool =
                DockerDiscoveryPool.open(FakeEngines.context("early"), options().build())) {
            assertThat(pool.membership().isKnown()).isFalse();
            engine.startAgain();

            assertThat(states(await.value(pool.ready()))).isEqualTo(Map.of("web-1", State.READY));
        }
    }

    @Test
    void reading_is_all_that_it_asks_for() {
        engine.faults().readOnly(true);
        engine.containers().run(shop("web-1"));

        try (DockerDiscoveryPool pool = open(options().host(engine.tcpHost()))) {
            assertThat(ready(pool)).containsExactly("web-1");
            engine.containers().kill("web-1");
            awaitStates(pool, Map.of("web-1", State.DOWN));
            assertThat(engine.calls()).allSatisfy(call -> assertThat(call).startsWith("GET "));
        }
    }

    @Test
    void addresses_on_a_shared_network_need_no_published_port() {
        engine.containers()
                .run(FakeContainerSpec.named("web-1")
                        .label("lbkit.pool", "shop")
                        .exposing(8080));
        try (DockerDiscoveryPool pool = open(options().network("bridge"))) {
            Address address = pool.membership()
                    .server("web-1")
                    .orElseThrow()
                    .instance()
                    .orElseThrow()
                    .address();
            assertThat(address.port()).isEqualTo(8080);
            assertThat(address.host()).startsWith("127.").isNotEqualTo("127.0.0.1");
        }
        try (DockerDiscoveryPool pool = open(options().network("backend"))) {
            assertThat(pool.refused().get("web-1")).contains("no address on network backend");
        }
    }

    @Test
    void engines_of_today_are_understood() {
        try (FakeEngine young =
                FakeEngine.builder().tcp().version(EngineVersion.V29).start()) {
            young.containers().run(shop("web-1"));
            try (DockerDiscoveryPool pool = DockerDiscoveryPool.open(
                    FakeEngines.context("young"), options().host(young.host()).build())) {
                assertThat(states(await.value(pool.ready()))).isEqualTo(Map.of("web-1", State.READY));
            }
        }
    }

    @Test
    void sixty_containers_at_once_are_sixty_servers() {
        try (DockerDiscoveryPool pool = open(options())) {
            for (int i = 0; i < 60; i++) {
                engine.containers().run(shop("web-" + i));
            }
            await.until("all serve", () -> ready(pool).size() == 60);
            engine.stop(false);
            await.until(
                    "none serves", () -> pool.membership().servers().stream().allMatch(s -> s.state() == State.DOWN));
            assertThat(pool.membership().servers()).hasSize(60);
        }
    }

    @Test
    void a_closed_pool_leaves_neither_threads_nor_connections() {
        engine.containers().run(shop("web-1"));
        for (int i = 0; i < 40; i++) {
            open(options()).close();
            await.until("the stream is closed", () -> engine.eventStreams() == 0);
        }

        await.until("no connection is open", () -> engine.connections() == 0);
        await.until(
                "no thread is left",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().contains("discover")));
    }

    @Test
    void it_is_opened_by_uri() {
        engine.containers().run(shop("web-1"));
        ServerPools pools = ServerPools.installed();
        String uri = "docker-discover:?pool=shop&host=" + engine.host() + "&relist-seconds=1&drain-seconds=1";

        try (var pool = pools.open(uri, FakeEngines.context("by-uri"))) {
            assertThat(states(await.value(pool.ready()))).isEqualTo(Map.of("web-1", State.READY));
        }
        assertThatThrownBy(() -> pools.open("docker-discover:", FakeEngines.context("x")))
                .hasMessageContaining("has no option pool");
        assertThatThrownBy(() -> pools.open("docker-discover:shop", FakeEngines.context("x")))
                .hasMessageContaining("'shop' precedes the options");
        assertThatThrownBy(() -> pools.open("docker-discover:?pool=a%2Fb", FakeEngines.context("x")))
                .hasMessageContaining("pool 'a/b' to discover is not");
        assertThatThrownBy(() -> pools.open("docker-discover:?pool=a&host=ftp://x", FakeEngines.context("x")))
                .hasMessageContaining("ftp://x");
    }
}
