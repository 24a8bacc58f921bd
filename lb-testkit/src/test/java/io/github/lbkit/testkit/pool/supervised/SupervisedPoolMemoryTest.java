package io.github.lbkit.testkit.pool.supervised;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolChangeRefusedException.Reason;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.pool.supervised.LaunchedInstance;
import io.github.lbkit.api.pool.supervised.PoolState;
import io.github.lbkit.api.pool.supervised.SupervisedOptions;
import io.github.lbkit.api.pool.supervised.SupervisedOptions.Leftovers;
import io.github.lbkit.api.pool.supervised.SupervisedOptions.OnClose;
import io.github.lbkit.api.pool.supervised.SupervisedOptions.OnSpecChange;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** What the next owner of a supervised pool knows of what the last one had decided. */
class SupervisedPoolMemoryTest {
    private static final Duration SOME_TIME = Duration.ofSeconds(20);

    private static SupervisedPoolFixture rolledOut(SupervisedOptions.Builder options) {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready(options);
        stage.rollOut("spec-2");
        stage.pass(SOME_TIME);
        assertThat(stage.pool.specs().values()).hasSize(3).allMatch("spec-2"::equals);
        stage.events.clear();
        stage.heard.clear();
        return stage;
    }

    private static SupervisedPoolFixture rolledOut() {
        return rolledOut(SupervisedPoolFixture.options());
    }

    private static long ready(Membership membership) {
        return membership.servers().stream()
                .filter(server -> server.state() == Server.State.READY)
                .count();
    }

    @Test
    void after_a_crash_a_rolled_out_spec_stays_and_its_instances_are_replaced_from_it() {
        SupervisedPoolFixture stage = rolledOut();

        stage.crash();
        stage.pass(SOME_TIME);
        assertThat(stage.launcher.launches()).isEmpty();
        assertThat(stage.events).allMatch(PoolEvent.Adopted.class::isInstance);
        stage.kill("Server 2");
        stage.pass(SOME_TIME);

        assertThat(stage.running("Server 2").specHash()).isEqualTo("spec-2");
        assertThat(stage.pool.spec().hash()).isEqualTo("spec-2");
        stage.assertConverged();
    }

    @Test
    void added_servers_stay_and_removed_ones_stay_away() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        stage.ask(stage.pool.add(1, List.of("X1")));
        stage.ask(stage.pool.remove(1, List.of("Server 2")));
        stage.pass(SOME_TIME);
        Set<Long> generations = generations(stage);

        stage.crash();
        stage.pass(SOME_TIME);

        assertThat(stage.pool.desired()).containsExactly("Server 1", "Server 3", "X1");
        assertThat(generations(stage)).isEqualTo(generations);
        stage.assertConverged();
    }

    private static Set<Long> generations(SupervisedPoolFixture stage) {
        return stage.platform.instances().stream()
                .map(LaunchedInstance::generation)
                .collect(Collectors.toSet());
    }

    @Test
    void another_number_of_configured_servers_counts() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        stage.ask(stage.pool.add(1, List.of("X1")));
        stage.pass(SOME_TIME);

        stage.options.servers(2);
        stage.crash();
        stage.pass(SOME_TIME);

        assertThat(stage.pool.desired()).containsExactly("Server 1", "Server 2");
        stage.assertConverged();
    }

    @Test
    void an_addition_before_the_answer_of_the_launcher_extends_the_recorded_servers() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        stage.ask(stage.pool.add(1, List.of("X1")));
        stage.pass(SOME_TIME);

        stage.crash();
        stage.ask(stage.pool.add(1, List.of("X2")));
        stage.ask(stage.pool.remove(1, List.of("Server 1")));
        stage.pass(SOME_TIME);

        assertThat(stage.pool.desired()).containsExactlyInAnyOrder("Server 2", "Server 3", "X1", "X2");
        stage.assertConverged();
        stage.assertEveryQuestionAnswered();
    }

    @Test
    void another_configured_spec_is_rolled_out_beside_what_serves() {
        SupervisedPoolFixture stage = rolledOut();

        stage.spec = "spec-3";
        stage.crash();
        stage.pass(Duration.ofMillis(100));
        int adopted = stage.heard.size();
        stage.pass(SOME_TIME);

        assertThat(stage.pool.specs().values()).allMatch("spec-3"::equals);
        assertThat(stage.heard.subList(adopted - 1, stage.heard.size())).allMatch(membership -> ready(membership) == 3);
        stage.assertConverged();
    }

    @Test
    void without_a_state_what_exists_is_rolled_out_to_the_configured_spec_too() {
        SupervisedPoolFixture stage = rolledOut();

        stage.platform.forgetPoolState();
        stage.crash();
        stage.pass(Duration.ofMillis(100));
        int adopted = stage.heard.size();
        stage.pass(SOME_TIME);

        assertThat(stage.pool.specs().values()).allMatch("spec-1"::equals);
        assertThat(stage.heard.subList(adopted - 1, stage.heard.size())).allMatch(membership -> ready(membership) == 3);
    }

    @Test
    void another_configured_spec_can_be_kept_away() {
        SupervisedPoolFixture stage = rolledOut(SupervisedPoolFixture.options().onSpecChange(OnSpecChange.KEEP));

        stage.spec = "spec-3";
        stage.crash();
        stage.pass(SOME_TIME);
        stage.kill("Server 1");
        stage.pass(SOME_TIME);

        assertThat(stage.pool.specs().values()).hasSize(3).allMatch("spec-2"::equals);
        assertThat(stage.launcher.launches()).hasSize(1);
        stage.assertConverged();
    }

    @Test
    void another_configured_spec_can_be_refused() {
        SupervisedPoolFixture stage = rolledOut(SupervisedPoolFixture.options().onSpecChange(OnSpecChange.REFUSE));
        List<LaunchedInstance> before = stage.platform.notTerminated();

        stage.spec = "spec-3";
        stage.crash();
        stage.pass(Duration.ofMinutes(5));

        assertThat(stage.launcher.launches()).isEmpty();
        assertThat(stage.platform.notTerminated()).hasSameSizeAs(before);
        assertThatThrownBy(() -> stage.pool.ready().toCompletableFuture().join())
                .hasMessageContaining("another spec");
        stage.spec = "spec-1";
        stage.crash();
        stage.pass(SOME_TIME);
        assertThat(stage.launcher.launches()).isEmpty();
        stage.assertConverged();
    }

    @Test
    void a_complete_rollout_is_reverted_and_the_revert_is_reverted() {
        SupervisedPoolFixture stage = rolledOut();

        stage.ask(stage.pool.revert());
        stage.pass(SOME_TIME);
        assertThat(stage.pool.specs().values()).hasSize(3).allMatch("spec-1"::equals);
        stage.ask(stage.pool.revert());
        stage.pass(SOME_TIME);

        assertThat(stage.pool.specs().values()).hasSize(3).allMatch("spec-2"::equals);
        stage.assertConverged();
    }

    @Test
    void the_next_owner_reverts_what_the_last_had_rolled_out() {
        SupervisedPoolFixture stage = rolledOut();

        stage.crash();
        stage.pass(SOME_TIME);
        stage.ask(stage.pool.revert());
        stage.pass(SOME_TIME);

        assertThat(stage.pool.specs().values()).hasSize(3).allMatch("spec-1"::equals);
    }

    @Test
    void a_rollout_under_way_is_reverted_to_what_there_was() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        stage.rollOut("spec-2");
        stage.pass(Duration.ofMillis(1500));
        assertThat(stage.pool.specs()).containsValue("spec-2");

        stage.ask(stage.pool.revert());
        stage.pass(SOME_TIME);

        assertThat(stage.pool.specs().values()).hasSize(3).allMatch("spec-1"::equals);
    }

    @Test
    void where_nothing_was_rolled_out_there_is_nothing_to_revert() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();

        stage.ask(stage.pool.revert());
        stage.pass(Duration.ofSeconds(1));

        assertThat(stage.refusals).containsExactly(Reason.NOTHING_TO_REVERT);
    }

    @Test
    void a_pool_whose_servers_are_stopped_with_it_is_forgotten_and_one_whose_servers_stay_is_not() {
        for (OnClose onClose : OnClose.values()) {
            SupervisedPoolFixture stage =
                    SupervisedPoolFixture.ready(SupervisedPoolFixture.options().onClose(onClose));
            stage.ask(stage.pool.add(1, List.of("X1")));
            stage.pass(SOME_TIME);

            stage.pool.closing();
            stage.pass(SOME_TIME);
            stage.crash();
            stage.pass(SOME_TIME);

            assertThat(stage.pool.desired()).hasSize(onClose == OnClose.STOP ? 3 : 4);
            stage.assertConverged();
        }
    }

    @Test
    void a_changed_spec_counts_where_leftovers_are_retired() {
        SupervisedPoolFixture stage = rolledOut(SupervisedPoolFixture.options().leftovers(Leftovers.RETIRE));

        stage.spec = "spec-3";
        stage.crash();
        stage.pass(SOME_TIME);

        assertThat(stage.pool.specs().values()).hasSize(3).allMatch("spec-3"::equals);
        stage.assertConverged();
    }

    @Property
    void a_state_is_read_as_it_was_written(
            @ForAll List<@StringLength(min = 1, max = 8) String> ids, @ForAll String current, @ForAll String target) {
        List<String> clean = ids.stream()
                .map(id -> id.replace('\t', ' '))
                .filter(id -> !id.isEmpty())
                .toList();
        PoolState state =
                new PoolState(clean, clean, new PoolState.Specs("hash", current, "", target, ids.size() % 2 == 0));

        assertThat(PoolState.parse(state.text())).isEqualTo(state);
    }
}
