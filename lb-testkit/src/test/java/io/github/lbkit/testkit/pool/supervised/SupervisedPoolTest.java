package io.github.lbkit.testkit.pool.supervised;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Member;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolChange.Outcome;
import io.github.lbkit.api.PoolChange.ServerChange;
import io.github.lbkit.api.PoolChangeRefusedException;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.pool.supervised.LaunchRequest;
import io.github.lbkit.api.pool.supervised.LaunchedInstance;
import io.github.lbkit.testkit.FakePlatform.LaunchBehaviour;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** How a supervised pool keeps its servers, and how it ends. */
class SupervisedPoolTest {
    @Test
    void a_death_is_published_in_the_same_tick_and_replaced_at_once() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        LaunchedInstance dead = stage.running("Server 2");
        Member before = Member.of(stage.pool.membership().server("Server 2").orElseThrow());
        long fingerprint = stage.pool.membership().fingerprint();

        stage.kill("Server 2");
        stage.scheduler.runDue();

        assertThat(stage.state("Server 2")).isEqualTo(Server.State.DOWN);
        assertThat(stage.heard
                        .get(stage.heard.size() - 1)
                        .server("Server 2")
                        .orElseThrow()
                        .instance())
                .isEmpty();
        LaunchRequest replacement =
                stage.launcher.launches().get(stage.launcher.launches().size() - 1);
        assertThat(replacement.id()).isEqualTo("Server 2");
        assertThat(replacement.replacement()).isTrue();
        assertThat(replacement.name()).matches("emergency_server-2-[0-9a-f]{6}-[0-9a-z]+");
        assertThat(replacement.generation()).isGreaterThan(dead.generation());
        stage.pass(Duration.ofMillis(200));
        assertThat(stage.state("Server 2")).isEqualTo(Server.State.READY);
        assertThat(Member.of(stage.pool.membership().server("Server 2").orElseThrow()))
                .isEqualTo(before);
        assertThat(stage.pool.membership().fingerprint()).isEqualTo(fingerprint);
        assertThat(stage.events)
                .extracting(Object::getClass)
                .extracting(Class::getSimpleName)
                .containsExactly("Lost", "Launching", "Ready");
    }

    @Test
    void an_instance_that_is_lost_and_still_runs_is_stopped_at_once_and_replaced() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        LaunchedInstance stalled = stage.running("Server 2");

        stage.stall("Server 2");
        stage.scheduler.runDue();

        assertThat(stage.state("Server 2")).isEqualTo(Server.State.DOWN);
        assertThat(stage.platform.instances())
                .extracting(LaunchedInstance::generation)
                .contains(stalled.generation());
        assertThat(stage.platform.notTerminated())
                .extracting(LaunchedInstance::generation)
                .doesNotContain(stalled.generation());
        stage.pass(Duration.ofSeconds(1));
        stage.assertConverged();
        assertThat(stage.events)
                .extracting(Object::getClass)
                .extracting(Class::getSimpleName)
                .containsExactly("Lost", "Launching", "Ready");
    }

    @Test
    void a_server_that_dies_again_and_again_waits_longer_and_longer() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        stage.platform.onLaunch(r -> r.id().equals("Server 1") ? LaunchBehaviour.EXITS : LaunchBehaviour.STARTS);

        stage.kill("Server 1");
        stage.pass(Duration.ofMinutes(3));

        List<Long> delays = stage.events.stream()
                .filter(PoolEvent.BackingOff.class::isInstance)
                .map(event -> ((PoolEvent.BackingOff) event).delay().toMillis())
                .toList();
        assertThat(delays).hasSizeBetween(8, 20);
        long expected = 200;
        for (long delay : delays) {
            assertThat(delay).isBetween(expected / 2, expected);
            expected = Math.min(30_000, expected * 2);
        }
        assertThat(stage.pool.membership().servers())
                .filteredOn(server -> server.state() == Server.State.READY)
                .hasSize(2);
    }

    @Test
    void failures_are_forgotten_after_a_stable_time() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        for (int i = 0; i < 4; i++) {
            stage.kill("Server 1");
            stage.pass(Duration.ofSeconds(3));
        }
        assertThat(stage.events).hasAtLeastOneElementOfType(PoolEvent.BackingOff.class);
        stage.pass(Duration.ofSeconds(11));
        stage.events.clear();

        stage.kill("Server 1");
        stage.pass(Duration.ofSeconds(1));

        assertThat(stage.events).doesNotHaveAnyElementsOfTypes(PoolEvent.BackingOff.class);
        assertThat(stage.state("Server 1")).isEqualTo(Server.State.READY);
    }

    @Test
    void servers_that_hang_do_not_keep_others_from_being_launched() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready(SupervisedPoolFixture.options()
                .servers(List.of("bad 1", "bad 2", "bad 3", "good"))
                .launchConcurrency(2));
        stage.platform.onLaunch(r -> r.id().startsWith("bad") ? LaunchBehaviour.HANGS : LaunchBehaviour.STARTS);
        for (String id : List.of("bad 1", "bad 2", "bad 3")) {
            stage.kill(id);
        }
        stage.pass(Duration.ofMinutes(2));

        for (int i = 0; i < 5; i++) {
            stage.pass(Duration.ofSeconds(15));
            stage.kill("good");
            stage.pass(Duration.ofMillis(400));
            assertThat(stage.state("good")).isEqualTo(Server.State.READY);
        }
    }

    @Test
    void no_more_launches_are_under_way_than_allowed() {
        SupervisedPoolFixture stage = new SupervisedPoolFixture(
                SupervisedPoolFixture.options().servers(12).launchConcurrency(3));
        stage.scheduler.runDue();

        assertThat(stage.launcher.launches()).hasSize(3);
        stage.pass(Duration.ofMillis(101));
        assertThat(stage.launcher.launches()).hasSize(6);
        stage.pass(Duration.ofSeconds(1));
        stage.assertConverged();
    }

    @Test
    void an_instance_missing_from_the_list_is_replaced_without_an_event() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        stage.platform.exitNotifications(0);

        stage.kill("Server 3");
        stage.platform.hint();
        stage.pass(Duration.ofSeconds(1));

        assertThat(stage.events).hasAtLeastOneElementOfType(PoolEvent.Lost.class);
        stage.assertConverged();
    }

    @Test
    void one_list_that_misses_an_instance_is_not_believed() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        boolean[] lied = {false};
        stage.platform.distortLists(list -> {
            if (!lied[0]) {
                lied[0] = true;
                list.clear();
            }
            return list;
        });

        stage.platform.hint();
        stage.pass(Duration.ofMinutes(1));

        assertThat(lied[0]).isTrue();
        assertThat(stage.launcher.launches()).hasSize(3);
    }

    @Test
    void ready_waits_until_every_server_is_ready_or_has_failed_once() {
        SupervisedPoolFixture stage = new SupervisedPoolFixture(SupervisedPoolFixture.options());
        stage.platform.onLaunch(r -> r.id().equals("Server 2") ? LaunchBehaviour.NEVER_READY : LaunchBehaviour.STARTS);

        stage.pass(Duration.ofSeconds(20));
        assertThat(stage.pool.ready().toCompletableFuture()).isNotDone();
        assertThat(stage.state("Server 1")).isEqualTo(Server.State.READY);
        assertThat(stage.state("Server 2")).isEqualTo(Server.State.STARTING);
        stage.pass(Duration.ofSeconds(11));

        Membership first = stage.pool.ready().toCompletableFuture().join();
        assertThat(first.server("Server 1").orElseThrow().state()).isEqualTo(Server.State.READY);
        assertThat(first.server("Server 2").orElseThrow().state()).isEqualTo(Server.State.DOWN);
        assertThat(stage.events)
                .filteredOn(PoolEvent.LaunchFailed.class::isInstance)
                .first()
                .extracting(event -> ((PoolEvent.LaunchFailed) event).reason())
                .asString()
                .contains("not ready within 30000 ms", "no answer");
    }

    @Test
    void an_empty_pool_is_ready_and_known() {
        SupervisedPoolFixture stage =
                new SupervisedPoolFixture(SupervisedPoolFixture.options().servers(0));

        assertThat(stage.pool.membership().isKnown()).isFalse();
        stage.scheduler.runDue();

        assertThat(stage.pool.ready().toCompletableFuture().join().servers()).isEmpty();
        assertThat(stage.pool.membership().isKnown()).isTrue();
    }

    @Test
    void nothing_is_launched_before_the_launcher_has_said_what_exists() {
        SupervisedPoolFixture stage = new SupervisedPoolFixture(SupervisedPoolFixture.options());
        stage.platform.failLists(5);

        stage.scheduler.runDue();
        assertThat(stage.pool.ready().toCompletableFuture().join().servers())
                .allMatch(server -> server.state() == Server.State.DOWN);
        stage.pass(Duration.ofMillis(300));
        assertThat(stage.launcher.launches()).isEmpty();
        assertThat(stage.pool.age()).isPositive();
        stage.pass(Duration.ofMinutes(1));

        stage.assertConverged();
        assertThat(stage.pool.age()).isZero();
    }

    @Test
    void closing_stops_everything_also_what_is_being_launched_or_drains() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        stage.platform.onLaunch(r -> LaunchBehaviour.HANGS);
        CompletionStage<PoolChange> added = stage.pool.add(1, List.of("X1"));
        CompletionStage<PoolChange> replaced = stage.pool.replaceAll();
        stage.ask(stage.pool.remove(1, List.of("Server 3")));
        stage.pass(Duration.ofMillis(100));

        CompletionStage<Void> closed = stage.pool.closing();
        stage.pass(Duration.ofMillis(100));

        assertThat(closed.toCompletableFuture()).isCompleted();
        assertThat(stage.platform.instances()).isEmpty();
        assertThat(SupervisedPoolFixture.now(added).servers())
                .containsExactly(new ServerChange("X1", Outcome.FAILED, "the pool was closed"));
        assertThat(replaced.toCompletableFuture()).isDone();
        stage.ask(stage.pool.add(1, List.of()));
        assertThat(stage.refusals).contains(PoolChangeRefusedException.Reason.CLOSED);
    }

    @Test
    void a_pool_that_is_closed_before_it_is_ready_says_so() {
        SupervisedPoolFixture stage = new SupervisedPoolFixture(SupervisedPoolFixture.options());
        stage.platform.onLaunch(r -> LaunchBehaviour.HANGS);
        stage.pass(Duration.ofSeconds(1));

        stage.pool.closing();
        stage.pass(Duration.ofSeconds(1));

        assertThat(stage.pool.ready().toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void closing_ends_though_the_launcher_never_answers() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        stage.platform.freeze(true);

        CompletionStage<Void> closed = stage.pool.closing();
        stage.pass(Duration.ofSeconds(9));

        assertThat(closed.toCompletableFuture()).isCompleted();
    }

    @Test
    void a_failed_stop_is_tried_again_until_it_succeeds() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        stage.platform.failTerminations(4);

        stage.ask(stage.pool.remove(1, List.of("Server 1")));
        stage.pass(Duration.ofMinutes(1));

        assertThat(stage.platform.instances()).hasSize(2);
        assertThat(stage.pool.membership().servers()).hasSize(2);
    }

    @Test
    void a_slow_listener_skips_to_the_newest_snapshot() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        List<Membership> slow = new CopyOnWriteArrayList<>();
        boolean[] nested = {false};
        var subscription = stage.pool.subscribe(membership -> {
            slow.add(membership);
            if (slow.size() == 2 && !nested[0]) {
                nested[0] = true;
                stage.kill("Server 1");
                stage.kill("Server 2");
            }
        });

        stage.kill("Server 3");
        stage.pass(Duration.ofSeconds(1));

        assertThat(slow.get(slow.size() - 1)).isSameAs(stage.pool.membership());
        assertThat(slow).extracting(Membership::version).isSorted().doesNotHaveDuplicates();
        subscription.close();
    }
}
