package io.github.lbkit.testkit.pool.supervised;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolChange.Outcome;
import io.github.lbkit.api.PoolChange.ServerChange;
import io.github.lbkit.api.PoolChangeRefusedException;
import io.github.lbkit.api.PoolChangeRefusedException.Reason;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.pool.process.ProcessLauncher;
import io.github.lbkit.api.pool.process.ProcessOptions;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.supervised.LaunchedInstance;
import io.github.lbkit.api.pool.supervised.RolloutOptions;
import io.github.lbkit.api.pool.supervised.SupervisedOptions;
import io.github.lbkit.api.pool.supervised.SupervisedOptions.Leftovers;
import io.github.lbkit.api.pool.supervised.SupervisedPool;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.testkit.Await;
import io.github.lbkit.testkit.FakePlatform.LaunchBehaviour;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a supervised pool goes from one spec to another. */
class RolloutTest {
    private static final Map<String, String> ALL_OLD =
            Map.of("Server 1", "spec-1", "Server 2", "spec-1", "Server 3", "spec-1");
    private static final Map<String, String> ALL_NEW =
            Map.of("Server 1", "spec-2", "Server 2", "spec-2", "Server 3", "spec-2");

    @TempDir
    Path directory = Path.of("unset");

    private static long ready(Membership membership) {
        return membership.servers().stream()
                .filter(server -> server.state() == Server.State.READY)
                .count();
    }

    private static Map<String, String> existing(SupervisedPoolFixture stage) {
        return stage.platform.instances().stream()
                .collect(Collectors.toMap(LaunchedInstance::id, LaunchedInstance::specHash));
    }

    @Test
    void every_server_is_brought_over_one_at_a_time_and_none_is_ever_missing() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        stage.checkSurplus = true;

        CompletionStage<PoolChange> rolledOut = stage.rollOut("spec-2");
        stage.pass(Duration.ofMillis(500));
        assertThat(stage.pool.specs()).containsValues("spec-1", "spec-2");
        assertThat(stage.pool.spec().hash()).isEqualTo("spec-1");
        stage.pass(Duration.ofSeconds(10));

        PoolChange change = SupervisedPoolFixture.now(rolledOut);
        assertThat(change.complete()).isTrue();
        assertThat(change.servers())
                .containsExactly(
                        new ServerChange("Server 1", Outcome.REPLACED, ""),
                        new ServerChange("Server 2", Outcome.REPLACED, ""),
                        new ServerChange("Server 3", Outcome.REPLACED, ""));
        assertThat(stage.pool.specs()).isEqualTo(ALL_NEW).isEqualTo(existing(stage));
        assertThat(stage.pool.spec().hash()).isEqualTo("spec-2");
        assertThat(stage.heard).allMatch(membership -> ready(membership) == 3);
        assertThat(stage.heard.stream().map(Membership::fingerprint).distinct()).hasSize(1);
        assertThat(stage.launcher.launches()).hasSize(6);
        stage.assertConverged();
    }

    @Test
    void it_stops_by_itself_when_a_new_instance_is_not_ready_and_the_old_ones_serve() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        stage.platform.onLaunchOfSpec(
                (request, spec) -> spec.equals("spec-2") && request.id().equals("Server 2")
                        ? LaunchBehaviour.NEVER_READY
                        : LaunchBehaviour.STARTS);

        CompletionStage<PoolChange> rolledOut = stage.rollOut("spec-2");
        stage.pass(Duration.ofSeconds(70));

        assertThat(SupervisedPoolFixture.now(rolledOut).servers())
                .extracting(ServerChange::id, ServerChange::outcome, ServerChange::detail)
                .containsExactly(
                        tuple("Server 1", Outcome.REPLACED, ""),
                        tuple("Server 2", Outcome.FAILED, "not ready within 30000 ms; last probe: no answer"),
                        tuple("Server 3", Outcome.UNCHANGED, "Server 2 failed before it"));
        assertThat(stage.pool.specs())
                .isEqualTo(Map.of("Server 1", "spec-2", "Server 2", "spec-1", "Server 3", "spec-1"));
        assertThat(stage.pool.spec().hash()).isEqualTo("spec-1");
        assertThat(stage.heard).allMatch(membership -> ready(membership) == 3);
        assertThat(stage.launcher.launches()).hasSize(3 + 1 + 2);
        stage.assertConverged();
    }

    @Test
    void a_stopped_rollout_can_be_resumed_and_keeps_the_finished_servers() {
        SupervisedPoolFixture stage = stoppedAtServer2();
        long done = stage.running("Server 1").generation();
        stage.platform.clearFaults();

        CompletionStage<PoolChange> resumed = stage.rollOut("spec-2");
        stage.pass(Duration.ofSeconds(10));

        assertThat(SupervisedPoolFixture.now(resumed).servers())
                .containsExactlyInAnyOrder(
                        new ServerChange("Server 1", Outcome.UNCHANGED, "it is made of this spec already"),
                        new ServerChange("Server 2", Outcome.REPLACED, ""),
                        new ServerChange("Server 3", Outcome.REPLACED, ""));
        assertThat(stage.pool.specs()).isEqualTo(ALL_NEW);
        assertThat(stage.running("Server 1").generation()).isEqualTo(done);
    }

    @Test
    void a_stopped_rollout_can_be_reverted() {
        SupervisedPoolFixture stage = stoppedAtServer2();
        long untouched = stage.running("Server 3").generation();

        CompletionStage<PoolChange> reverted = stage.ask(stage.pool.rollOut(stage.pool.spec()));
        stage.pass(Duration.ofSeconds(10));

        assertThat(SupervisedPoolFixture.now(reverted).complete()).isTrue();
        assertThat(stage.pool.specs()).isEqualTo(ALL_OLD);
        assertThat(stage.running("Server 3").generation()).isEqualTo(untouched);
        stage.assertConverged();
    }

    private static SupervisedPoolFixture stoppedAtServer2() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        stage.platform.onLaunchOfSpec(
                (request, spec) -> spec.equals("spec-2") && request.id().equals("Server 2")
                        ? LaunchBehaviour.FAILS
                        : LaunchBehaviour.STARTS);
        stage.rollOut("spec-2");
        stage.pass(Duration.ofSeconds(10));
        assertThat(stage.pool.specs())
                .isEqualTo(Map.of("Server 1", "spec-2", "Server 2", "spec-1", "Server 3", "spec-1"));
        return stage;
    }

    @Test
    void an_instance_that_does_not_last_counts_as_failed_and_the_old_spec_returns() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        stage.platform.onLaunchOfSpec(
                (request, spec) -> spec.equals("spec-2") ? LaunchBehaviour.EXITS : LaunchBehaviour.STARTS);

        CompletionStage<PoolChange> rolledOut = stage.rollOut("spec-2");
        stage.pass(Duration.ofSeconds(5));

        assertThat(SupervisedPoolFixture.now(rolledOut).servers())
                .extracting(ServerChange::outcome)
                .containsExactly(Outcome.FAILED, Outcome.UNCHANGED, Outcome.UNCHANGED);
        assertThat(stage.pool.specs()).isEqualTo(ALL_OLD);
        assertThat(stage.heard).allMatch(membership -> ready(membership) >= 2);
        stage.assertConverged();
    }

    @Test
    void a_server_that_dies_meanwhile_is_healed_from_what_it_was_made_of() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        stage.platform.onLaunchOfSpec(
                (request, spec) -> spec.equals("spec-2") && request.id().equals("Server 2")
                        ? LaunchBehaviour.HANGS
                        : LaunchBehaviour.STARTS);
        stage.rollOut("spec-2");
        stage.pass(Duration.ofSeconds(3));

        stage.kill("Server 1");
        stage.kill("Server 3");
        stage.pass(Duration.ofSeconds(1));

        assertThat(stage.pool.specs())
                .isEqualTo(Map.of("Server 1", "spec-2", "Server 2", "spec-1", "Server 3", "spec-1"));
        assertThat(ready(stage.pool.membership())).isEqualTo(3);
    }

    @Test
    void the_old_instance_of_the_server_whose_turn_it_is_may_die() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        stage.platform.launchTime(Duration.ofSeconds(1));
        CompletionStage<PoolChange> rolledOut = stage.rollOut("spec-2");
        stage.pass(Duration.ofMillis(500));

        stage.kill("Server 1");
        stage.pass(Duration.ofSeconds(10));

        assertThat(SupervisedPoolFixture.now(rolledOut).complete()).isTrue();
        assertThat(stage.pool.specs()).isEqualTo(ALL_NEW);
        assertThat(stage.launcher.launches()).hasSize(6);
        stage.assertConverged();
    }

    @Test
    void who_joins_is_made_of_the_new_spec_once_another_serves_that_is() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        CompletionStage<PoolChange> rolledOut = stage.rollOut("spec-2");
        stage.scheduler.runDue();
        stage.ask(stage.pool.add(1, List.of("early")));
        stage.pass(Duration.ofMillis(300));
        assertThat(stage.pool.specs()).containsEntry("early", "spec-1");
        stage.pass(Duration.ofSeconds(1));

        stage.ask(stage.pool.add(1, List.of("late")));
        stage.pass(Duration.ofMillis(300));
        assertThat(stage.pool.specs()).containsEntry("late", "spec-2");
        stage.pass(Duration.ofSeconds(10));

        assertThat(SupervisedPoolFixture.now(rolledOut).complete()).isTrue();
        assertThat(Set.copyOf(stage.pool.specs().values())).containsExactly("spec-2");
        assertThat(stage.pool.specs()).hasSize(5);
    }

    @Test
    void another_rollout_stops_the_one_under_way_at_once() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        stage.platform.onLaunchOfSpec(
                (request, spec) -> spec.equals("spec-2") ? LaunchBehaviour.HANGS : LaunchBehaviour.STARTS);
        CompletionStage<PoolChange> first = stage.rollOut("spec-2");
        stage.pass(Duration.ofMillis(500));

        CompletionStage<PoolChange> second = stage.rollOut("spec-3");
        stage.pass(Duration.ofSeconds(10));

        assertThat(SupervisedPoolFixture.now(first).servers())
                .extracting(ServerChange::outcome, ServerChange::detail)
                .containsExactly(
                        tuple(Outcome.FAILED, "another rollout was asked for"),
                        tuple(Outcome.UNCHANGED, "another rollout was asked for"),
                        tuple(Outcome.UNCHANGED, "another rollout was asked for"));
        assertThat(SupervisedPoolFixture.now(second).complete()).isTrue();
        assertThat(Set.copyOf(stage.pool.specs().values())).containsExactly("spec-3");
        stage.assertConverged();
    }

    @Test
    void the_deadline_ends_it() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        stage.platform.onLaunchOfSpec(
                (request, spec) -> spec.equals("spec-2") ? LaunchBehaviour.HANGS : LaunchBehaviour.STARTS);

        CompletionStage<PoolChange> rolledOut =
                stage.rollOut("spec-2", RolloutOptions.DEFAULTS.withDeadline(Duration.ofSeconds(5)));
        stage.pass(Duration.ofMillis(5100));

        assertThat(SupervisedPoolFixture.now(rolledOut).failed())
                .extracting(ServerChange::detail)
                .containsExactly("the rollout was not over within 5 s");
        stage.pass(Duration.ofSeconds(1));
        assertThat(existing(stage)).isEqualTo(ALL_OLD);
    }

    @Test
    void the_next_owner_brings_over_what_it_adopts_without_a_gap() {
        SupervisedPoolFixture stage =
                SupervisedPoolFixture.ready(SupervisedPoolFixture.options().leftovers(Leftovers.ADOPT));
        stage.rollOut("spec-2");
        stage.pass(Duration.ofMillis(1500));
        stage.spec = "spec-2";
        stage.heard.clear();

        stage.crash();
        stage.pass(Duration.ofMillis(100));
        assertThat(ready(stage.pool.membership())).isEqualTo(3);
        int adopted = stage.heard.size();
        stage.pass(Duration.ofSeconds(20));

        assertThat(stage.pool.specs()).isEqualTo(ALL_NEW);
        assertThat(stage.heard.subList(adopted, stage.heard.size())).allMatch(membership -> ready(membership) == 3);
        stage.assertConverged();
    }

    @Test
    void the_next_owner_goes_on_with_a_rollout_that_was_under_way() {
        SupervisedPoolFixture stage =
                SupervisedPoolFixture.ready(SupervisedPoolFixture.options().leftovers(Leftovers.ADOPT));
        stage.rollOut("spec-2");
        stage.pass(Duration.ofMillis(1500));
        assertThat(stage.pool.specs()).containsValue("spec-2");

        stage.crash();
        stage.pass(Duration.ofSeconds(20));

        assertThat(stage.pool.specs()).isEqualTo(ALL_NEW);
        stage.assertConverged();
    }

    @Test
    void of_two_instances_of_a_server_the_next_owner_adopts_the_one_that_has_served() {
        SupervisedPoolFixture stage =
                SupervisedPoolFixture.ready(SupervisedPoolFixture.options().leftovers(Leftovers.ADOPT));
        stage.platform.onLaunchOfSpec(
                (request, spec) -> spec.equals("bad") ? LaunchBehaviour.NEVER_READY : LaunchBehaviour.STARTS);
        stage.rollOut("bad");
        stage.pass(Duration.ofSeconds(1));
        assertThat(stage.platform.instances()).hasSize(4);

        stage.crash();
        stage.pass(Duration.ofSeconds(1));

        assertThat(ready(stage.pool.membership())).isEqualTo(3);
        assertThat(stage.pool.specs()).isEqualTo(ALL_OLD);
        stage.pass(Duration.ofMinutes(3));
        assertThat(stage.pool.specs()).isEqualTo(ALL_OLD).isEqualTo(existing(stage));
        stage.assertConverged();
    }

    @Test
    void the_next_owners_bad_spec_leaves_what_it_adopted_serving() {
        SupervisedPoolFixture stage =
                SupervisedPoolFixture.ready(SupervisedPoolFixture.options().leftovers(Leftovers.ADOPT));
        stage.platform.onLaunchOfSpec(
                (request, spec) -> spec.equals("bad") ? LaunchBehaviour.NEVER_READY : LaunchBehaviour.STARTS);
        stage.spec = "bad";

        stage.crash();
        stage.pass(Duration.ofMinutes(3));

        assertThat(stage.pool.specs()).isEqualTo(ALL_OLD);
        assertThat(ready(stage.pool.membership())).isEqualTo(3);
        stage.assertConverged();
    }

    @Test
    void a_spec_of_another_kind_is_refused_and_a_process_pool_takes_another_command() {
        ProcessOptions first = script("echo ready; exec cat");
        ProcessOptions second = script("echo starting; echo ready; exec cat");
        PoolContext context = new PoolContext("rollout", Runtimes.system(), directory);
        try (SupervisedPool pool = SupervisedPool.open(
                context,
                ProcessLauncher.open(context, first),
                SupervisedOptions.builder()
                        .servers(2)
                        .rollout(RolloutOptions.DEFAULTS.withSteadyFor(Duration.ofMillis(10)))
                        .build())) {
            Await await = Await.inRealTime();
            await.value(pool.ready());

            assertThatThrownBy(() -> await.value(pool.rollOut(() -> "something")))
                    .isInstanceOfSatisfying(
                            PoolChangeRefusedException.class,
                            refused -> assertThat(refused.reason()).isEqualTo(Reason.BAD_SPEC));
            PoolChange change = await.value(pool.rollOut(second));

            assertThat(change.complete()).isTrue();
            assertThat(Set.copyOf(pool.specs().values())).containsExactly(second.hash());
        }
    }

    private static ProcessOptions script(String script) {
        return ProcessOptions.command(List.of("/bin/sh", "-c", script))
                .environment("PORT", "{port}")
                .readyLine("^ready$")
                .build();
    }
}
