package io.github.lbkit.docker;

import static io.github.lbkit.docker.FakeEngines.generation;
import static io.github.lbkit.docker.FakeEngines.ready;
import static io.github.lbkit.docker.FakeEngines.states;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.DrainResult;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolChange.Outcome;
import io.github.lbkit.api.PoolChange.ServerChange;
import io.github.lbkit.api.PoolChangeRefusedException;
import io.github.lbkit.api.PoolChangeRefusedException.Reason;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.Server.State;
import io.github.lbkit.api.explain.MembershipChange;
import io.github.lbkit.api.pool.ServerPools;
import io.github.lbkit.testkit.Await;
import io.github.lbkit.testkit.docker.FakeEngine;
import io.github.lbkit.testkit.docker.FakeSwarm;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SwarmServerPoolTest {
    private final Await await = Await.inRealTime();
    private FakeEngine engine;
    private FakeSwarm swarm;

    @BeforeEach
    void startEngine() {
        engine = FakeEngine.builder().tcp().start();
        swarm = engine.swarm();
        swarm.init("one", "two");
        swarm.createService("shop", 3, 8080);
        await.until("three run", () -> swarm.running("shop").size() == 3);
    }

    @AfterEach
    void closeEngine() {
        engine.close();
    }

    private SwarmOptions.Builder options() {
        return SwarmOptions.service("shop")
                .host(engine.host())
                .pollInterval(Duration.ofMillis(20))
                .timeout(Duration.ofSeconds(1))
                .changeTimeout(Duration.ofSeconds(30))
                .maxServers(10);
    }

    private SwarmServerPool open() {
        SwarmServerPool pool =
                SwarmServerPool.open(FakeEngines.context("swarmed"), options().build());
        await.value(pool.ready());
        return pool;
    }

    @Test
    void tasks_are_servers_named_by_service_and_slot_where_their_nodes_publish_them() {
        try (SwarmServerPool pool = open()) {
            assertThat(ready(pool)).containsExactly("shop.1", "shop.2", "shop.3");
            assertThat(pool.desired()).containsExactly("shop.1", "shop.2", "shop.3");
            assertThat(pool.membership().servers())
                    .extracting(
                            server -> server.instance().orElseThrow().address().host())
                    .allMatch(host -> host.startsWith("127."))
                    .contains("127." + host(pool, 1) + ".1", "127." + host(pool, 1) + ".2");
        }
    }

    /** The two numbers in the middle, which are the engine's. */
    private static String host(SwarmServerPool pool, int slot) {
        Server server = pool.membership().server("shop." + slot).orElseThrow();
        String host = server.instance().orElseThrow().address().host();
        return host.substring("127.".length(), host.lastIndexOf('.'));
    }

    @Test
    void a_task_that_dies_is_down_and_its_successor_is_the_same_server() {
        swarm.restartDelay(Duration.ofMillis(200));
        try (SwarmServerPool pool = open()) {
            List<Membership> heard = new CopyOnWriteArrayList<>();
            var subscription = pool.subscribe(heard::add);
            long generation = generation(pool, "shop.2");
            long fingerprint = pool.membership().fingerprint();

            swarm.kill("shop", 2);
            await.until(
                    "the successor serves",
                    () -> ready(pool).contains("shop.2") && generation(pool, "shop.2") > generation);

            assertThat(heard).allMatch(membership -> membership.fingerprint() == fingerprint);
            subscription.close();
        }
    }

    @Test
    void scaling_by_another_client_is_followed() {
        swarm.stopTime(Duration.ofMillis(300));
        try (SwarmServerPool pool = open()) {
            var subscription = pool.subscribe(new PoolListener() {
                @Override
                public void changed(Membership membership) {}

                @Override
                public CompletionStage<DrainResult> release(Server server, Duration within) {
                    return new CompletableFuture<>();
                }
            });
            swarm.scale("shop", 5);
            await.until("five serve", () -> ready(pool).size() == 5);
            swarm.scale("shop", 2);
            await.until(
                    "three drain",
                    () -> pool.membership().servers().stream()
                                    .filter(server -> server.state() == State.DRAINING)
                                    .count()
                            == 3);
            await.until(
                    "two are left", () -> states(pool).equals(Map.of("shop.1", State.READY, "shop.2", State.READY)));
            subscription.close();
        }
    }

    @Test
    void additions_and_removals_scale_the_service() {
        try (SwarmServerPool pool = open()) {
            PoolChange added = await.value(pool.add(2, List.of()));

            assertThat(added.servers())
                    .containsExactly(
                            new ServerChange("shop.4", Outcome.ADDED, ""),
                            new ServerChange("shop.5", Outcome.ADDED, ""));
            assertThat(added.desired()).hasSize(5);
            assertThat(ready(pool)).hasSize(5);
            assertThat(swarm.replicas("shop")).isEqualTo(5);

            PoolChange removed = await.value(pool.remove(4, List.of()));
            assertThat(removed.servers()).hasSize(4).allMatch(one -> one.outcome() == Outcome.REMOVED);
            assertThat(removed.desired()).hasSize(1);
            assertThat(ready(pool)).isEqualTo(removed.desired());
            assertThat(await.value(pool.resize(3)).desired()).hasSize(3);
            assertThat(await.value(pool.resize(3)).servers()).isEmpty();
            assertThat(await.value(pool.resize(0)).desired()).isEmpty();
            assertThat(swarm.replicas("shop")).isZero();
        }
    }

    @Test
    void updates_out_of_sequence_are_made_anew() {
        try (SwarmServerPool pool = open()) {
            engine.faults()
                    .refuse(
                            "POST /services/[^/]+/update",
                            3,
                            500,
                            "rpc error: code = Unknown desc = update out of sequence");

            assertThat(await.value(pool.add(1, List.of())).complete()).isTrue();
            assertThat(swarm.replicas("shop")).isEqualTo(4);

            engine.faults().cut("POST /services/[^/]+/update", 1);
            assertThat(await.value(pool.add(1, List.of())).complete()).isTrue();
            assertThat(swarm.replicas("shop")).isEqualTo(5);
        }
    }

    @Test
    void changes_asked_for_together_are_made_one_after_the_other() {
        try (SwarmServerPool pool = open()) {
            CompletionStage<PoolChange> one = pool.add(2, List.of());
            CompletionStage<PoolChange> two = pool.remove(3, List.of());
            CompletionStage<PoolChange> three = pool.add(1, List.of());

            assertThat(await.value(three).desired()).hasSize(3);
            assertThat(await.value(one).complete()).isTrue();
            assertThat(await.value(two).complete()).isTrue();
            assertThat(swarm.replicas("shop")).isEqualTo(3);
        }
    }

    @Test
    void an_unsupported_change_is_refused_and_changes_nothing() {
        try (SwarmServerPool pool = open()) {
            refused(Reason.NOT_HERE, () -> await.value(pool.add(1, List.of("D"))));
            refused(Reason.NOT_HERE, () -> await.value(pool.remove(1, List.of("shop.1"))));
            refused(Reason.NOT_HERE, () -> await.value(pool.replace("shop.1")));
            refused(Reason.UNKNOWN_ID, () -> await.value(pool.replace("nobody")));
            refused(Reason.BAD_COUNT, () -> await.value(pool.add(0, List.of())));
            refused(Reason.BAD_COUNT, () -> await.value(pool.resize(-1)));
            refused(Reason.TOO_MANY, () -> await.value(pool.add(8, List.of())));
            refused(Reason.TOO_MANY, () -> await.value(pool.resize(11)));
            refused(Reason.TOO_FEW, () -> await.value(pool.remove(4, List.of())));
            refused(Reason.TOO_MANY, () -> await.value(pool.preview(true, 8, List.of())));
            refused(Reason.TOO_FEW, () -> await.value(pool.preview(false, 4, List.of())));
            assertThat(swarm.replicas("shop")).isEqualTo(3);
            assertThat(engine.calls()).noneMatch(call -> call.startsWith("POST"));
        }
    }

    @Test
    void a_closed_pool_refuses_every_change() {
        SwarmServerPool pool = open();

        pool.close();

        refused(Reason.CLOSED, () -> await.value(pool.add(1, List.of())));
        refused(Reason.CLOSED, () -> await.value(pool.replaceAll()));
    }

    private static void refused(Reason reason, ThrowingCallable change) {
        assertThatThrownBy(change)
                .isInstanceOfSatisfying(
                        PoolChangeRefusedException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    @Test
    void a_preview_foresees_what_joins() {
        try (SwarmServerPool pool = open()) {
            MembershipChange more = await.value(pool.preview(true, 2, List.of()));
            MembershipChange less = await.value(pool.preview(false, 1, List.of()));

            assertThat(more.put()).extracting(Member::id).containsExactly("shop.4", "shop.5");
            assertThat(less.removed()).hasSize(1);
            assertThat(pool.desired()).hasSize(3);
            await.value(pool.add(2, List.of()));
            assertThat(pool.membership().members())
                    .isEqualTo(more.applyTo(pool.membership().members()));
        }
    }

    @Test
    void replacing_all_gives_every_server_a_new_instance_under_its_id() {
        try (SwarmServerPool pool = open()) {
            Map<String, Long> before = Map.of(
                    "shop.1", generation(pool, "shop.1"),
                    "shop.2", generation(pool, "shop.2"),
                    "shop.3", generation(pool, "shop.3"));

            PoolChange change = await.value(pool.replaceAll());

            assertThat(change.servers()).hasSize(3).allMatch(one -> one.outcome() == Outcome.REPLACED);
            assertThat(pool.desired()).containsExactly("shop.1", "shop.2", "shop.3");
            before.forEach((id, generation) -> assertThat(generation(pool, id)).isGreaterThan(generation));
        }
    }

    @Test
    void additions_that_do_not_come_up_fail_and_are_taken_back() {
        try (SwarmServerPool pool = SwarmServerPool.open(
                FakeEngines.context("stuck"),
                options().changeTimeout(Duration.ofMillis(300)).build())) {
            await.value(pool.ready());
            swarm.startTime(Duration.ofHours(1));

            PoolChange change = await.value(pool.add(1, List.of()));

            assertThat(change.servers()).hasSize(1);
            assertThat(change.servers().get(0).outcome()).isEqualTo(Outcome.FAILED);
            assertThat(change.servers().get(0).detail()).contains("assigned");
            assertThat(swarm.replicas("shop")).isEqualTo(3);
        }
    }

    @Test
    void tasks_of_a_machine_that_is_gone_are_made_anew_elsewhere_under_their_ids() {
        try (SwarmServerPool pool = open()) {
            swarm.cutOff("two");
            assertThat(ready(pool)).hasSize(3);
            swarm.down("two");
            await.until(
                    "all serve from one",
                    () -> pool.membership().servers().stream()
                            .allMatch(server -> server.state() == State.READY
                                    && server.instance()
                                            .orElseThrow()
                                            .address()
                                            .host()
                                            .endsWith(".1")));
            swarm.up("two");
            assertThat(ready(pool)).containsExactly("shop.1", "shop.2", "shop.3");
        }
    }

    @Test
    void membership_survives_a_manager_that_is_frozen_gone_or_fails() {
        try (SwarmServerPool pool = open()) {
            engine.faults().refuse("GET /tasks", 3, 503, "no leader");
            engine.faults().garble("GET /nodes", 3);
            engine.faults().freeze();
            await.until("it is old", () -> pool.age().compareTo(Duration.ofSeconds(2)) > 0);
            assertThat(ready(pool)).hasSize(3);
            engine.faults().thaw();
            await.until("it is young", () -> pool.age().compareTo(Duration.ofSeconds(1)) < 0);

            engine.crash();
            await.until("it is old", () -> pool.age().compareTo(Duration.ofSeconds(2)) > 0);
            assertThat(ready(pool)).hasSize(3);
            swarm.scale("shop", 4);
            engine.startAgain();
            await.until("four serve", () -> ready(pool).size() == 4);
        }
    }

    @Test
    void reading_is_enough_to_follow_and_not_to_scale() {
        engine.faults().readOnly(true);
        try (SwarmServerPool pool = open()) {
            assertThat(ready(pool)).hasSize(3);
            assertThatThrownBy(() -> await.value(pool.add(1, List.of()))).isInstanceOf(EngineException.Refused.class);
            assertThat(swarm.replicas("shop")).isEqualTo(3);
        }
    }

    @Test
    void a_service_that_is_removed_leaves_no_servers() {
        try (SwarmServerPool pool = open()) {
            swarm.removeService("shop");

            await.until("nobody is left", () -> pool.membership().servers().isEmpty());
        }
    }

    @Test
    void a_service_that_cannot_be_followed_leaves_the_pool_unknown_and_is_waited_for() {
        try (SwarmServerPool pool = SwarmServerPool.open(
                FakeEngines.context("waiting"),
                SwarmOptions.service("late")
                        .host(engine.host())
                        .pollInterval(Duration.ofMillis(20))
                        .build())) {
            await.until("it was asked for", () -> engine.calls().contains("GET /services"));
            assertThat(pool.membership().isKnown()).isFalse();

            swarm.createService("late", 1, 80);
            assertThat(await.value(pool.ready()).isKnown()).isTrue();
        }
    }

    @Test
    void a_closed_pool_leaves_neither_threads_nor_connections() {
        for (int i = 0; i < 20; i++) {
            open().close();
        }

        await.until("no connection is open", () -> engine.connections() == 0);
        await.until(
                "no thread is left",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().contains("swarmed")));
    }

    @Test
    void it_is_opened_by_uri() {
        ServerPools pools = ServerPools.installed();
        String uri = "swarm:shop?port=8080&poll-millis=20&drain-seconds=1&max-servers=7&host=" + engine.host();

        try (var pool = pools.open(uri, FakeEngines.context("by-uri"))) {
            assertThat(states(await.value(pool.ready()))).hasSize(3);
        }
        assertThatThrownBy(() -> pools.open("swarm:", FakeEngines.context("x")))
                .hasMessageContaining("names no service");
        assertThatThrownBy(() -> pools.open("swarm:a?port=0", FakeEngines.context("x")))
                .hasMessageContaining("not a number from 1 to 65535");
        assertThatThrownBy(() -> pools.open("swarm:a?network=n", FakeEngines.context("x")))
                .hasMessageContaining("needs a port");
        assertThatThrownBy(() -> pools.open("swarm:a?prot=1", FakeEngines.context("x")))
                .hasMessageContaining("no option 'prot'");
    }
}
