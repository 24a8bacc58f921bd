package io.github.lbkit.testkit.pool.supervised;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.lbkit.api.DrainResult;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolChange.Outcome;
import io.github.lbkit.api.PoolChange.ServerChange;
import io.github.lbkit.api.PoolChangeRefusedException;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.pool.supervised.LaunchedInstance;
import io.github.lbkit.api.pool.supervised.SupervisedPool;
import io.github.lbkit.testkit.FakePlatform.LaunchBehaviour;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What changes of a supervised pool do, and when they are answered. */
class SupervisedPoolChangesTest {
    @Test
    void an_added_server_that_fails_leaves_the_desired_set_and_is_reported() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        stage.platform.onLaunch(r -> r.id().equals("X2") ? LaunchBehaviour.FAILS : LaunchBehaviour.STARTS);

        CompletionStage<PoolChange> added = stage.pool.add(2, List.of("X1", "X2"));
        stage.scheduler.runDue();
        assertThat(stage.pool.desired()).endsWith("X1", "X2");
        stage.pass(Duration.ofSeconds(1));

        PoolChange change = SupervisedPoolFixture.now(added);
        assertThat(change.complete()).isFalse();
        assertThat(change.servers())
                .containsExactly(
                        new ServerChange("X1", Outcome.ADDED, ""),
                        new ServerChange("X2", Outcome.FAILED, "a launch failure that the test injected"));
        assertThat(change.desired()).containsExactly("Server 1", "Server 2", "Server 3", "X1");
        stage.assertConverged();
    }

    @Test
    void an_addition_is_answered_after_the_readiness_timeout_at_the_latest() {
        SupervisedPoolFixture stage =
                SupervisedPoolFixture.ready(SupervisedPoolFixture.options().launchConcurrency(1));
        stage.platform.onLaunch(r -> LaunchBehaviour.HANGS);

        CompletionStage<PoolChange> added = stage.pool.add(3, List.of());
        stage.pass(Duration.ofMillis(29_900));
        assertThat(added.toCompletableFuture()).isNotDone();
        stage.pass(Duration.ofMillis(200));

        assertThat(SupervisedPoolFixture.now(added).failed()).hasSize(3);
        assertThat(stage.pool.desired()).hasSize(3);
        stage.pass(Duration.ofSeconds(1));
        assertThat(stage.platform.instances()).hasSize(3);
    }

    @Test
    void a_long_addition_does_not_keep_another_server_from_being_removed() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        stage.platform.onLaunch(r -> LaunchBehaviour.HANGS);
        CompletionStage<PoolChange> added = stage.pool.add(1, List.of("X1"));
        stage.pass(Duration.ofSeconds(1));

        CompletionStage<PoolChange> removed = stage.pool.remove(1, List.of("Server 1"));
        CompletionStage<PoolChange> removedToo = stage.pool.remove(1, List.of("X1"));
        stage.scheduler.runDue();

        assertThat(SupervisedPoolFixture.now(removed).desired()).containsExactly("Server 2", "Server 3", "X1");
        assertThat(SupervisedPoolFixture.now(removedToo).desired()).containsExactly("Server 2", "Server 3");
        assertThat(SupervisedPoolFixture.now(added).servers())
                .containsExactly(new ServerChange("X1", Outcome.FAILED, "it was removed"));
        stage.pass(Duration.ofSeconds(5));
        stage.assertConverged();
    }

    @Test
    void a_removed_server_stays_as_draining_until_it_is_stopped() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        stage.platform.stopTime(Duration.ofSeconds(2));

        CompletionStage<PoolChange> removed = stage.pool.remove(1, List.of("Server 2"));
        stage.scheduler.runDue();

        assertThat(SupervisedPoolFixture.now(removed).complete()).isTrue();
        assertThat(stage.state("Server 2")).isEqualTo(Server.State.DRAINING);
        assertThat(stage.released).extracting(Server::id).containsExactly("Server 2");
        stage.pass(SupervisedPoolFixture.DRAIN.plusSeconds(3));
        assertThat(stage.pool.membership().server("Server 2")).isEmpty();
        assertThat(stage.events)
                .extracting(event -> event.getClass().getSimpleName(), event -> ((PoolEvent.OfServer) event).id())
                .containsExactly(tuple("Drained", "Server 2"), tuple("Stopped", "Server 2"));
    }

    @Test
    void a_listener_that_never_answers_delays_a_drain_to_its_deadline_and_hides_no_count() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        PoolListener counting = releasing(CompletableFuture.completedFuture(new DrainResult(20, 10)));
        PoolListener silent = releasing(new CompletableFuture<>());
        var first = stage.pool.subscribe(silent);
        var second = stage.pool.subscribe(counting);

        stage.ask(stage.pool.remove(1, List.of("Server 2")));
        stage.pass(SupervisedPoolFixture.DRAIN);
        assertThat(stage.platform.instances()).hasSize(3);
        stage.pass(Duration.ofSeconds(1));

        assertThat(stage.platform.instances()).hasSize(2);
        assertThat(stage.events)
                .filteredOn(PoolEvent.Drained.class::isInstance)
                .singleElement()
                .satisfies(event -> assertThat(((PoolEvent.Drained) event).result())
                        .matches(result -> result.finished() >= 20 && result.cut() >= 10));
        first.close();
        second.close();
    }

    private static PoolListener releasing(CompletableFuture<DrainResult> answer) {
        return new PoolListener() {
            @Override
            public void changed(Membership membership) {}

            @Override
            public CompletionStage<DrainResult> release(Server server, Duration within) {
                return answer;
            }
        };
    }

    @Test
    void a_draining_instance_that_dies_is_gone_at_once() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        for (int i = 0; i < 3; i++) {
            stage.ask(stage.pool.remove(1, List.of()));
        }
        stage.scheduler.runDue();

        stage.platform.instances().forEach(launched -> stage.platform.kill(launched.id(), launched.generation()));
        stage.pass(Duration.ofMillis(50));

        assertThat(stage.pool.membership().servers()).isEmpty();
    }

    @Test
    void an_id_that_joins_again_is_shown_draining_until_its_new_instance_is_ready() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        stage.platform.stopTime(Duration.ofSeconds(5));
        stage.ask(stage.pool.remove(1, List.of("Server 2")));
        stage.scheduler.runDue();

        stage.ask(stage.pool.add(1, List.of("Server 2")));
        stage.pass(Duration.ofMillis(50));
        assertThat(stage.state("Server 2")).isEqualTo(Server.State.DRAINING);
        stage.pass(Duration.ofMillis(100));
        assertThat(stage.state("Server 2")).isEqualTo(Server.State.READY);

        assertThat(stage.heard)
                .allMatch(membership -> membership.server("Server 2").isPresent());
        stage.pass(Duration.ofSeconds(10));
        stage.assertConverged();
    }

    @Test
    void the_lowest_free_number_is_given_and_kept() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        stage.ask(stage.pool.remove(1, List.of("Server 1")));
        stage.ask(stage.pool.add(2, List.of("X1", "X2")));
        stage.pass(Duration.ofSeconds(10));
        stage.kill("X1");
        stage.ask(stage.pool.replace("X2"));
        stage.pass(Duration.ofSeconds(10));

        assertThat(stage.pool.membership().servers())
                .extracting(Server::id, server -> server.labels().get(SupervisedPool.NUMBER_LABEL))
                .containsExactly(tuple("Server 2", "2"), tuple("Server 3", "3"), tuple("X1", "1"), tuple("X2", "4"));
    }

    @Test
    void a_replacement_that_fails_leaves_the_old_instance_serving() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        stage.platform.onLaunch(r -> LaunchBehaviour.NEVER_READY);
        LaunchedInstance old = stage.running("Server 1");

        CompletionStage<PoolChange> replaced = stage.pool.replace("Server 1");
        stage.pass(Duration.ofSeconds(32));

        assertThat(SupervisedPoolFixture.now(replaced).failed()).hasSize(1);
        assertThat(stage.state("Server 1")).isEqualTo(Server.State.READY);
        assertThat(stage.running("Server 1").generation()).isEqualTo(old.generation());
        assertThat(stage.heard).isEmpty();
        assertThat(stage.platform.instances()).hasSize(3);
    }

    @Test
    void replacing_all_stops_at_the_first_that_fails() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        stage.platform.onLaunch(r -> r.id().equals("Server 2") ? LaunchBehaviour.FAILS : LaunchBehaviour.STARTS);

        CompletionStage<PoolChange> replaced = stage.pool.replaceAll();
        stage.pass(Duration.ofSeconds(10));

        assertThat(SupervisedPoolFixture.now(replaced).servers())
                .extracting(ServerChange::id, ServerChange::outcome)
                .containsExactly(
                        tuple("Server 1", Outcome.REPLACED),
                        tuple("Server 2", Outcome.FAILED),
                        tuple("Server 3", Outcome.UNCHANGED));
        stage.assertConverged();
    }

    @Test
    void a_replacement_asked_for_while_one_is_under_way_gets_an_instance_of_its_own() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();

        CompletionStage<PoolChange> first = stage.pool.replace("Server 1");
        stage.pass(Duration.ofMillis(50));
        CompletionStage<PoolChange> second = stage.pool.replace("Server 1");
        CompletionStage<PoolChange> third = stage.pool.replace("Server 1");
        stage.pass(Duration.ofSeconds(10));

        assertThat(List.of(
                        SupervisedPoolFixture.now(first),
                        SupervisedPoolFixture.now(second),
                        SupervisedPoolFixture.now(third)))
                .allMatch(PoolChange::complete);
        assertThat(stage.launcher.launches()).hasSize(5);
        stage.assertConverged();
    }

    @Test
    void an_addition_beyond_the_limit_of_the_policy_is_refused() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();

        stage.ask(stage.pool.add(2, List.of("X1", "unwelcome")));
        stage.scheduler.runDue();

        assertThat(stage.refusals).containsExactly(PoolChangeRefusedException.Reason.NO_ROOM);
        assertThat(stage.launcher.launches()).hasSize(3);
        assertThatThrownBy(() -> new SupervisedPoolFixture(
                        SupervisedPoolFixture.options().servers(List.of("unwelcome"))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
