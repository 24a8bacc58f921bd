package io.github.lbkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.lbkit.api.Member;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolChange.Outcome;
import io.github.lbkit.api.PoolChange.ServerChange;
import io.github.lbkit.api.PoolChangeRefusedException;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.pool.LaunchRequest;
import io.github.lbkit.api.pool.Launched;
import io.github.lbkit.api.pool.SupervisedOptions;
import io.github.lbkit.api.pool.SupervisedOptions.Leftovers;
import io.github.lbkit.api.pool.SupervisedOptions.OnClose;
import io.github.lbkit.api.pool.SupervisedPool;
import io.github.lbkit.testkit.FakeWorld.Behaviour;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class SupervisedPoolTest {
    private static SupervisedPoolStage ready(SupervisedOptions.Builder options) {
        SupervisedPoolStage stage = new SupervisedPoolStage(options);
        stage.pass(Duration.ofSeconds(1));
        stage.heard.clear();
        stage.events.clear();
        return stage;
    }

    private static SupervisedPoolStage ready() {
        return ready(SupervisedPoolStage.options());
    }

    private static Server.State state(SupervisedPoolStage stage, String id) {
        return stage.pool.membership().server(id).orElseThrow().state();
    }

    private static Launched running(SupervisedPoolStage stage, String id) {
        return stage.world.running(id).orElseThrow();
    }

    private static void kill(SupervisedPoolStage stage, String id) {
        stage.world.kill(id, running(stage, id).generation());
    }

    private static PoolChange now(CompletionStage<PoolChange> change) {
        CompletableFuture<PoolChange> done = change.toCompletableFuture();
        assertThat(done).isCompleted();
        return done.join();
    }

    // ---- death and replacement

    @Test
    void a_death_is_published_in_the_same_tick_and_replaced_at_once() {
        SupervisedPoolStage stage = ready();
        Launched dead = running(stage, "Server 2");
        Member before = Member.of(stage.pool.membership().server("Server 2").orElseThrow());
        long fingerprint = stage.pool.membership().fingerprint();

        kill(stage, "Server 2");
        stage.scheduler.runDue();

        assertThat(state(stage, "Server 2")).isEqualTo(Server.State.DOWN);
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
        assertThat(state(stage, "Server 2")).isEqualTo(Server.State.READY);
        assertThat(Member.of(stage.pool.membership().server("Server 2").orElseThrow()))
                .isEqualTo(before);
        assertThat(stage.pool.membership().fingerprint()).isEqualTo(fingerprint);
        assertThat(stage.events)
                .extracting(Object::getClass)
                .extracting(Class::getSimpleName)
                .containsExactly("Lost", "Launching", "Ready");
    }

    @Test
    void a_server_that_dies_again_and_again_waits_longer_and_longer() {
        SupervisedPoolStage stage = ready();
        stage.world.behave(r -> r.id().equals("Server 1") ? Behaviour.DIES : Behaviour.COMES_UP);

        kill(stage, "Server 1");
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
        SupervisedPoolStage stage = ready();
        for (int i = 0; i < 4; i++) {
            kill(stage, "Server 1");
            stage.pass(Duration.ofSeconds(3));
        }
        assertThat(stage.events).hasAtLeastOneElementOfType(PoolEvent.BackingOff.class);
        stage.pass(Duration.ofSeconds(11));
        stage.events.clear();

        kill(stage, "Server 1");
        stage.pass(Duration.ofSeconds(1));

        assertThat(stage.events).doesNotHaveAnyElementsOfTypes(PoolEvent.BackingOff.class);
        assertThat(state(stage, "Server 1")).isEqualTo(Server.State.READY);
    }

    @Test
    void servers_that_hang_do_not_keep_others_from_being_launched() {
        SupervisedPoolStage stage = ready(SupervisedPoolStage.options()
                .servers(List.of("bad 1", "bad 2", "bad 3", "good"))
                .launchConcurrency(2));
        stage.world.behave(r -> r.id().startsWith("bad") ? Behaviour.HANGS : Behaviour.COMES_UP);
        for (String id : List.of("bad 1", "bad 2", "bad 3")) {
            kill(stage, id);
        }
        stage.pass(Duration.ofMinutes(2));

        for (int i = 0; i < 5; i++) {
            stage.pass(Duration.ofSeconds(15));
            kill(stage, "good");
            stage.pass(Duration.ofMillis(400));
            assertThat(state(stage, "good")).isEqualTo(Server.State.READY);
        }
    }

    @Test
    void no_more_launches_are_under_way_than_allowed() {
        SupervisedPoolStage stage = new SupervisedPoolStage(
                SupervisedPoolStage.options().servers(12).launchConcurrency(3));
        stage.scheduler.runDue();

        assertThat(stage.launcher.launches()).hasSize(3);
        stage.pass(Duration.ofMillis(101));
        assertThat(stage.launcher.launches()).hasSize(6);
        stage.pass(Duration.ofSeconds(1));
        stage.assertConverged();
    }

    @Test
    void what_is_not_listed_any_more_is_replaced_even_if_nobody_told() {
        SupervisedPoolStage stage = ready();
        stage.world.tell(0);

        kill(stage, "Server 3");
        stage.world.hint();
        stage.pass(Duration.ofSeconds(1));

        assertThat(stage.events).hasAtLeastOneElementOfType(PoolEvent.Lost.class);
        stage.assertConverged();
    }

    @Test
    void one_list_that_misses_an_instance_is_not_believed() {
        SupervisedPoolStage stage = ready();
        boolean[] lied = {false};
        stage.world.lie(list -> {
            if (!lied[0]) {
                lied[0] = true;
                list.clear();
            }
            return list;
        });

        stage.world.hint();
        stage.pass(Duration.ofMinutes(1));

        assertThat(lied[0]).isTrue();
        assertThat(stage.launcher.launches()).hasSize(3);
    }

    // ---- readiness

    @Test
    void ready_waits_until_every_server_is_ready_or_has_failed_once() {
        SupervisedPoolStage stage = new SupervisedPoolStage(SupervisedPoolStage.options());
        stage.world.behave(r -> r.id().equals("Server 2") ? Behaviour.NEVER_READY : Behaviour.COMES_UP);

        stage.pass(Duration.ofSeconds(20));
        assertThat(stage.pool.ready().toCompletableFuture()).isNotDone();
        assertThat(state(stage, "Server 1")).isEqualTo(Server.State.READY);
        assertThat(state(stage, "Server 2")).isEqualTo(Server.State.STARTING);
        stage.pass(Duration.ofSeconds(11));

        Membership first = stage.pool.ready().toCompletableFuture().join();
        assertThat(first.server("Server 1").orElseThrow().state()).isEqualTo(Server.State.READY);
        assertThat(first.server("Server 2").orElseThrow().state()).isEqualTo(Server.State.DOWN);
        assertThat(stage.events)
                .filteredOn(PoolEvent.LaunchFailed.class::isInstance)
                .first()
                .extracting(event -> ((PoolEvent.LaunchFailed) event).reason())
                .asString()
                .contains("not ready within 30000 ms", "nobody answers");
    }

    @Test
    void an_empty_pool_is_ready_and_known() {
        SupervisedPoolStage stage =
                new SupervisedPoolStage(SupervisedPoolStage.options().servers(0));

        assertThat(stage.pool.membership().isKnown()).isFalse();
        stage.scheduler.runDue();

        assertThat(stage.pool.ready().toCompletableFuture().join().servers()).isEmpty();
        assertThat(stage.pool.membership().isKnown()).isTrue();
    }

    @Test
    void nothing_is_launched_before_the_launcher_has_said_what_exists() {
        SupervisedPoolStage stage = new SupervisedPoolStage(SupervisedPoolStage.options());
        stage.world.failLists(5);

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

    // ---- changes

    @Test
    void an_added_server_that_fails_leaves_the_desired_set_and_is_reported() {
        SupervisedPoolStage stage = ready();
        stage.world.behave(r -> r.id().equals("X2") ? Behaviour.FAILS : Behaviour.COMES_UP);

        CompletionStage<PoolChange> added = stage.pool.add(2, List.of("X1", "X2"));
        stage.scheduler.runDue();
        assertThat(stage.pool.desired()).endsWith("X1", "X2");
        stage.pass(Duration.ofSeconds(1));

        PoolChange change = now(added);
        assertThat(change.complete()).isFalse();
        assertThat(change.servers())
                .containsExactly(
                        new ServerChange("X1", Outcome.ADDED, ""),
                        new ServerChange("X2", Outcome.FAILED, "the fake fails, as it was told to"));
        assertThat(change.desired()).containsExactly("Server 1", "Server 2", "Server 3", "X1");
        stage.assertConverged();
    }

    @Test
    void an_addition_is_answered_after_the_readiness_timeout_at_the_latest() {
        SupervisedPoolStage stage = ready(SupervisedPoolStage.options().launchConcurrency(1));
        stage.world.behave(r -> Behaviour.HANGS);

        CompletionStage<PoolChange> added = stage.pool.add(3, List.of());
        stage.pass(Duration.ofMillis(29_900));
        assertThat(added.toCompletableFuture()).isNotDone();
        stage.pass(Duration.ofMillis(200));

        assertThat(now(added).failed()).hasSize(3);
        assertThat(stage.pool.desired()).hasSize(3);
        stage.pass(Duration.ofSeconds(1));
        assertThat(stage.world.existing()).hasSize(3);
    }

    @Test
    void a_long_addition_does_not_keep_another_server_from_being_removed() {
        SupervisedPoolStage stage = ready();
        stage.world.behave(r -> Behaviour.HANGS);
        CompletionStage<PoolChange> added = stage.pool.add(1, List.of("X1"));
        stage.pass(Duration.ofSeconds(1));

        CompletionStage<PoolChange> removed = stage.pool.remove(1, List.of("Server 1"));
        CompletionStage<PoolChange> removedToo = stage.pool.remove(1, List.of("X1"));
        stage.scheduler.runDue();

        assertThat(now(removed).desired()).containsExactly("Server 2", "Server 3", "X1");
        assertThat(now(removedToo).desired()).containsExactly("Server 2", "Server 3");
        assertThat(now(added).servers()).containsExactly(new ServerChange("X1", Outcome.FAILED, "it was removed"));
        stage.pass(Duration.ofSeconds(5));
        stage.assertConverged();
    }

    @Test
    void a_removed_server_stays_as_draining_until_it_is_stopped() {
        SupervisedPoolStage stage = ready();
        stage.world.stopTime(Duration.ofSeconds(2));

        CompletionStage<PoolChange> removed = stage.pool.remove(1, List.of("Server 2"));
        stage.scheduler.runDue();

        assertThat(now(removed).complete()).isTrue();
        assertThat(state(stage, "Server 2")).isEqualTo(Server.State.DRAINING);
        assertThat(stage.released).extracting(Server::id).containsExactly("Server 2");
        stage.pass(SupervisedPoolStage.DRAIN.plusSeconds(3));
        assertThat(stage.pool.membership().server("Server 2")).isEmpty();
        assertThat(stage.events)
                .extracting(event -> event.getClass().getSimpleName(), PoolEvent::id)
                .containsExactly(tuple("Drained", "Server 2"), tuple("Stopped", "Server 2"));
    }

    @Test
    void a_draining_instance_that_dies_is_gone_at_once() {
        SupervisedPoolStage stage = ready();
        for (int i = 0; i < 3; i++) {
            stage.ask(stage.pool.remove(1, List.of()));
        }
        stage.scheduler.runDue();

        stage.world.existing().forEach(launched -> stage.world.kill(launched.id(), launched.generation()));
        stage.pass(Duration.ofMillis(50));

        assertThat(stage.pool.membership().servers()).isEmpty();
    }

    @Test
    void an_id_that_joins_again_is_shown_draining_until_its_new_instance_is_ready() {
        SupervisedPoolStage stage = ready();
        stage.world.stopTime(Duration.ofSeconds(5));
        stage.ask(stage.pool.remove(1, List.of("Server 2")));
        stage.scheduler.runDue();

        stage.ask(stage.pool.add(1, List.of("Server 2")));
        stage.pass(Duration.ofMillis(50));
        assertThat(state(stage, "Server 2")).isEqualTo(Server.State.DRAINING);
        stage.pass(Duration.ofMillis(100));
        assertThat(state(stage, "Server 2")).isEqualTo(Server.State.READY);

        assertThat(stage.heard)
                .allMatch(membership -> membership.server("Server 2").isPresent());
        stage.pass(Duration.ofSeconds(10));
        stage.assertConverged();
    }

    @Test
    void the_lowest_free_number_is_given_and_kept() {
        SupervisedPoolStage stage = ready();
        stage.ask(stage.pool.remove(1, List.of("Server 1")));
        stage.ask(stage.pool.add(2, List.of("X1", "X2")));
        stage.pass(Duration.ofSeconds(10));
        kill(stage, "X1");
        stage.ask(stage.pool.replace("X2"));
        stage.pass(Duration.ofSeconds(10));

        assertThat(stage.pool.membership().servers())
                .extracting(Server::id, server -> server.labels().get(SupervisedPool.NUMBER_LABEL))
                .containsExactly(tuple("Server 2", "2"), tuple("Server 3", "3"), tuple("X1", "1"), tuple("X2", "4"));
    }

    @Test
    void a_replacement_that_fails_leaves_the_old_instance_serving() {
        SupervisedPoolStage stage = ready();
        stage.world.behave(r -> Behaviour.NEVER_READY);
        Launched old = running(stage, "Server 1");

        CompletionStage<PoolChange> replaced = stage.pool.replace("Server 1");
        stage.pass(Duration.ofSeconds(32));

        assertThat(now(replaced).failed()).hasSize(1);
        assertThat(state(stage, "Server 1")).isEqualTo(Server.State.READY);
        assertThat(running(stage, "Server 1").generation()).isEqualTo(old.generation());
        assertThat(stage.heard).isEmpty();
        assertThat(stage.world.existing()).hasSize(3);
    }

    @Test
    void replacing_all_stops_at_the_first_that_fails() {
        SupervisedPoolStage stage = ready();
        stage.world.behave(r -> r.id().equals("Server 2") ? Behaviour.FAILS : Behaviour.COMES_UP);

        CompletionStage<PoolChange> replaced = stage.pool.replaceAll();
        stage.pass(Duration.ofSeconds(10));

        assertThat(now(replaced).servers())
                .extracting(ServerChange::id, ServerChange::outcome)
                .containsExactly(
                        tuple("Server 1", Outcome.REPLACED),
                        tuple("Server 2", Outcome.FAILED),
                        tuple("Server 3", Outcome.UNCHANGED));
        stage.assertConverged();
    }

    @Test
    void a_replacement_asked_for_while_one_is_under_way_gets_an_instance_of_its_own() {
        SupervisedPoolStage stage = ready();

        CompletionStage<PoolChange> first = stage.pool.replace("Server 1");
        stage.pass(Duration.ofMillis(50));
        CompletionStage<PoolChange> second = stage.pool.replace("Server 1");
        CompletionStage<PoolChange> third = stage.pool.replace("Server 1");
        stage.pass(Duration.ofSeconds(10));

        assertThat(List.of(now(first), now(second), now(third))).allMatch(PoolChange::complete);
        assertThat(stage.launcher.launches()).hasSize(5);
        stage.assertConverged();
    }

    @Test
    void what_the_policy_has_no_room_for_is_refused() {
        SupervisedPoolStage stage = ready();

        stage.ask(stage.pool.add(2, List.of("X1", "unwelcome")));
        stage.scheduler.runDue();

        assertThat(stage.refusals).containsExactly(PoolChangeRefusedException.Reason.NO_ROOM);
        assertThat(stage.launcher.launches()).hasSize(3);
        assertThatThrownBy(() ->
                        new SupervisedPoolStage(SupervisedPoolStage.options().servers(List.of("unwelcome"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    // ---- owners

    @Test
    void the_next_owner_adopts_what_was_kept_and_launches_nothing() {
        SupervisedPoolStage stage = ready(SupervisedPoolStage.options().onClose(OnClose.KEEP));
        List<Launched> before = stage.world.existing();
        stage.pool.closing();
        stage.pass(Duration.ofSeconds(10));
        assertThat(stage.world.existing()).hasSameSizeAs(before);

        stage.crash();
        stage.pass(Duration.ofSeconds(1));

        stage.assertConverged();
        assertThat(stage.launcher.launches()).isEmpty();
        assertThat(stage.world.existing())
                .extracting(Launched::generation)
                .containsExactlyElementsOf(
                        before.stream().map(Launched::generation).toList());
        assertThat(stage.events)
                .filteredOn(PoolEvent.Adopted.class::isInstance)
                .extracting(PoolEvent::id)
                .containsExactlyInAnyOrder("Server 1", "Server 2", "Server 3");
    }

    @Test
    void what_was_launched_from_another_spec_or_for_another_server_is_retired() {
        SupervisedPoolStage stage = ready();
        stage.ask(stage.pool.add(1, List.of("X1")));
        stage.pass(Duration.ofSeconds(1));
        stage.spec = "spec-2";

        stage.crash();
        stage.pass(Duration.ofSeconds(2));

        stage.assertConverged();
        assertThat(stage.launcher.launches()).hasSize(3);
        assertThat(stage.events)
                .filteredOn(PoolEvent.Retired.class::isInstance)
                .extracting(PoolEvent::id, event -> ((PoolEvent.Retired) event).reason())
                .containsExactlyInAnyOrder(
                        tuple("Server 1", "it was launched from another spec: spec-1, not spec-2"),
                        tuple("Server 2", "it was launched from another spec: spec-1, not spec-2"),
                        tuple("Server 3", "it was launched from another spec: spec-1, not spec-2"),
                        tuple("X1", "it belongs to no desired server"));
    }

    @Test
    void leftovers_are_retired_where_adoption_is_not_wanted() {
        SupervisedPoolStage stage = ready(SupervisedPoolStage.options().leftovers(Leftovers.RETIRE));

        stage.crash();
        stage.pass(Duration.ofSeconds(2));

        stage.assertConverged();
        assertThat(stage.launcher.launches()).hasSize(3);
    }

    @Test
    void a_leftover_that_does_not_answer_is_replaced() {
        SupervisedPoolStage stage = ready();
        stage.world.behave(r -> Behaviour.NEVER_READY);
        stage.ask(stage.pool.add(1, List.of("X1")));
        stage.pass(Duration.ofSeconds(1));
        stage.world.behaveWell();
        stage.options.servers(List.of("X1"));

        stage.crash();
        stage.pass(Duration.ofSeconds(6));

        stage.assertConverged();
        assertThat(stage.launcher.launches()).hasSize(1);
    }

    @Test
    void generations_rise_though_the_clock_of_the_next_owner_is_behind() {
        SupervisedPoolStage stage = ready();
        long before = running(stage, "Server 1").generation();
        stage.clockError = Duration.ofDays(-100);

        stage.crash();
        stage.pass(Duration.ofSeconds(1));
        stage.ask(stage.pool.replace("Server 1"));
        kill(stage, "Server 2");
        stage.pass(Duration.ofSeconds(10));

        assertThat(running(stage, "Server 1").generation()).isGreaterThan(before);
        assertThat(running(stage, "Server 2").generation()).isGreaterThan(before);
        stage.assertConverged();
    }

    @Test
    void generations_rise_though_the_clock_stands_still() {
        SupervisedPoolStage stage =
                ready(SupervisedPoolStage.options().servers(12).launchConcurrency(12));

        assertThat(stage.launcher.launches())
                .extracting(LaunchRequest::generation)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    // ---- the end

    @Test
    void closing_stops_everything_also_what_is_being_launched_or_drains() {
        SupervisedPoolStage stage = ready();
        stage.world.behave(r -> Behaviour.HANGS);
        CompletionStage<PoolChange> added = stage.pool.add(1, List.of("X1"));
        CompletionStage<PoolChange> replaced = stage.pool.replaceAll();
        stage.ask(stage.pool.remove(1, List.of("Server 3")));
        stage.pass(Duration.ofMillis(100));

        CompletionStage<Void> closed = stage.pool.closing();
        stage.pass(Duration.ofMillis(100));

        assertThat(closed.toCompletableFuture()).isCompleted();
        assertThat(stage.world.existing()).isEmpty();
        assertThat(now(added).servers()).containsExactly(new ServerChange("X1", Outcome.FAILED, "the pool was closed"));
        assertThat(replaced.toCompletableFuture()).isDone();
        stage.ask(stage.pool.add(1, List.of()));
        assertThat(stage.refusals).contains(PoolChangeRefusedException.Reason.CLOSED);
    }

    @Test
    void a_pool_that_is_closed_before_it_is_ready_says_so() {
        SupervisedPoolStage stage = new SupervisedPoolStage(SupervisedPoolStage.options());
        stage.world.behave(r -> Behaviour.HANGS);
        stage.pass(Duration.ofSeconds(1));

        stage.pool.closing();
        stage.pass(Duration.ofSeconds(1));

        assertThat(stage.pool.ready().toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void closing_ends_though_the_launcher_never_answers() {
        SupervisedPoolStage stage = ready();
        stage.world.freeze(true);

        CompletionStage<Void> closed = stage.pool.closing();
        stage.pass(Duration.ofSeconds(9));

        assertThat(closed.toCompletableFuture()).isCompleted();
    }

    @Test
    void a_failed_stop_is_tried_again_until_it_succeeds() {
        SupervisedPoolStage stage = ready();
        stage.world.failTerminations(4);

        stage.ask(stage.pool.remove(1, List.of("Server 1")));
        stage.pass(Duration.ofMinutes(1));

        assertThat(stage.world.existing()).hasSize(2);
        assertThat(stage.pool.membership().servers()).hasSize(2);
    }

    @Test
    void a_slow_listener_skips_to_the_newest_snapshot() {
        SupervisedPoolStage stage = ready();
        List<Membership> slow = new CopyOnWriteArrayList<>();
        boolean[] nested = {false};
        var subscription = stage.pool.subscribe(membership -> {
            slow.add(membership);
            if (slow.size() == 2 && !nested[0]) {
                nested[0] = true;
                kill(stage, "Server 1");
                kill(stage, "Server 2");
            }
        });

        kill(stage, "Server 3");
        stage.pass(Duration.ofSeconds(1));

        assertThat(slow.get(slow.size() - 1)).isSameAs(stage.pool.membership());
        assertThat(slow).extracting(Membership::version).isSorted().doesNotHaveDuplicates();
        subscription.close();
    }
}
