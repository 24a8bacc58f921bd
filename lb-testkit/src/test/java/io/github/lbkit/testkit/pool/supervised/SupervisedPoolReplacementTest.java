package io.github.lbkit.testkit.pool.supervised;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.health.Probe;
import io.github.lbkit.api.health.ProbeResult;
import io.github.lbkit.api.pool.supervised.LaunchedInstance;
import io.github.lbkit.api.pool.supervised.SupervisedOptions;
import io.github.lbkit.testkit.FakePlatform.LaunchBehaviour;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is replaced because it runs and is unfit: one at a time, and never at the cost of what serves. */
class SupervisedPoolReplacementTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** A stage with a liveness probe; the probe follows the stage's launcher, which a new owner replaces. */
    private static SupervisedPoolFixture stage() {
        return stage(SupervisedPoolFixture.options());
    }

    private static SupervisedPoolFixture stage(SupervisedOptions.Builder options) {
        @Nullable SupervisedPoolFixture[] made = new SupervisedPoolFixture[1];
        Probe life = (instance, timeout) -> made[0] == null
                ? CompletableFuture.completedFuture(ProbeResult.PASSED)
                : made[0].launcher.livenessProbe().probe(instance, timeout);
        options.liveness(HealthChecks.builder(life)
                .interval(SECOND)
                .failingInterval(SECOND)
                .timeout(SECOND)
                .fall(3)
                .build());
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready(options);
        made[0] = stage;
        return stage;
    }

    private static void hang(SupervisedPoolFixture stage, String id) {
        stage.platform.failLiveness(id, stage.running(id).generation(), true);
    }

    private static <T extends PoolEvent> List<T> events(SupervisedPoolFixture stage, Class<T> kind) {
        return stage.events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    @Test
    void failing_readiness_replaces_nothing() {
        SupervisedPoolFixture stage = stage();

        stage.platform.dependencyAvailable(false);
        stage.pass(Duration.ofMinutes(5));

        assertThat(stage.events).isEmpty();
        assertThat(stage.heard).isEmpty();
    }

    @Test
    void an_instance_that_hangs_serves_until_another_serves_in_its_place() {
        SupervisedPoolFixture stage = stage();
        LaunchedInstance hung = stage.running("Server 2");

        hang(stage, "Server 2");
        stage.pass(Duration.ofSeconds(10));

        assertThat(events(stage, PoolEvent.Unfit.class))
                .containsExactly(new PoolEvent.Unfit(
                        new InstanceId("Server 2", hung.generation()), "its liveness probe fails: no answer"));
        assertThat(stage.running("Server 2").generation()).isGreaterThan(hung.generation());
        assertThat(stage.heard)
                .allMatch(membership ->
                        membership.server("Server 2").orElseThrow().state() == Server.State.READY);
        stage.pass(Duration.ofMinutes(1));
        stage.assertConverged();
        assertThat(events(stage, PoolEvent.Lost.class)).isEmpty();
    }

    @Test
    void an_instance_that_the_runtime_reports_as_unhealthy_is_replaced() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        LaunchedInstance unwell = stage.running("Server 3");

        stage.platform.reportHealth("Server 3", unwell.generation(), false);
        stage.pass(Duration.ofSeconds(5));

        assertThat(stage.running("Server 3").generation()).isGreaterThan(unwell.generation());
        assertThat(stage.heard)
                .allMatch(membership ->
                        membership.server("Server 3").orElseThrow().state() == Server.State.READY);
    }

    @Test
    void an_instance_that_passes_again_in_time_is_not_replaced() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        long generation = stage.running("Server 3").generation();

        stage.platform.reportHealth("Server 3", generation, false);
        stage.pass(Duration.ofMillis(500));
        stage.platform.reportHealth("Server 3", generation, true);
        stage.pass(Duration.ofMinutes(1));

        assertThat(stage.events).isEmpty();
    }

    @Test
    void when_all_fail_at_once_nothing_is_replaced_and_one_line_says_so() {
        SupervisedPoolFixture stage = stage();

        stage.pool.desired().forEach(id -> hang(stage, id));
        stage.pass(Duration.ofSeconds(20));
        assertThat(stage.events).containsExactly(new PoolEvent.ReplacingHeld(3, 3));
        stage.platform.clearFaults();
        stage.pass(Duration.ofSeconds(10));
        assertThat(stage.events).containsExactly(new PoolEvent.ReplacingHeld(3, 3), new PoolEvent.ReplacingResumed(3));
        stage.events.clear();
        long before = stage.running("Server 1").generation();
        hang(stage, "Server 1");
        stage.pass(Duration.ofSeconds(8));

        assertThat(stage.running("Server 1").generation()).isGreaterThan(before);
        assertThat(events(stage, PoolEvent.Unfit.class)).hasSize(1);
    }

    @Test
    void when_all_hang_for_good_they_are_replaced_one_after_the_other_after_the_delay() {
        SupervisedPoolFixture stage = stage();

        stage.pool.desired().forEach(id -> hang(stage, id));
        stage.pass(Duration.ofSeconds(55));
        assertThat(events(stage, PoolEvent.Unfit.class)).isEmpty();
        stage.pass(Duration.ofSeconds(25));

        assertThat(events(stage, PoolEvent.Unfit.class)).hasSize(3);
        assertThat(stage.heard)
                .allMatch(membership ->
                        membership.servers().stream().allMatch(server -> server.state() == Server.State.READY));
        stage.pass(Duration.ofMinutes(1));
        stage.assertConverged();
    }

    @Test
    void when_replacing_does_not_help_in_a_mass_failure_it_is_tried_once_in_the_delay() {
        SupervisedPoolFixture stage = stage();

        stage.pool.desired().forEach(id -> hang(stage, id));
        stage.platform.onLaunch(request -> LaunchBehaviour.FAILS);
        stage.pass(Duration.ofSeconds(190));

        assertThat(events(stage, PoolEvent.Unfit.class)).hasSize(3);
        assertThat(events(stage, PoolEvent.ReplacingHeld.class)).hasSize(1);
        assertThat(events(stage, PoolEvent.Lost.class)).isEmpty();
    }

    @Test
    void a_server_that_dies_again_and_again_keeps_no_other_from_being_replaced() {
        SupervisedPoolFixture stage = stage();
        stage.platform.onLaunch(r -> r.id().equals("Server 1") ? LaunchBehaviour.EXITS : LaunchBehaviour.STARTS);
        stage.kill("Server 1");
        stage.pass(Duration.ofSeconds(20));
        LaunchedInstance hung = stage.running("Server 2");

        hang(stage, "Server 2");
        stage.pass(Duration.ofSeconds(10));

        assertThat(stage.running("Server 2").generation()).isGreaterThan(hung.generation());
    }

    @Test
    void replacements_that_do_not_last_come_less_and_less_often() {
        SupervisedPoolFixture stage = stage(SupervisedPoolFixture.options().servers(1));

        for (int i = 0; i < 600; i++) {
            stage.platform
                    .running("Server 1")
                    .ifPresent(one -> stage.platform.failLiveness("Server 1", one.generation(), true));
            stage.pass(SECOND);
        }

        assertThat(events(stage, PoolEvent.Unfit.class)).hasSizeBetween(10, 40);
        assertThat(stage.heard)
                .allMatch(membership ->
                        membership.server("Server 1").orElseThrow().state() == Server.State.READY);
    }

    @Test
    void instances_found_by_the_next_owner_are_kept_while_a_dependency_is_away() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        List<LaunchedInstance> before = stage.platform.notTerminated();

        stage.platform.dependencyAvailable(false);
        stage.crash();
        stage.pass(Duration.ofSeconds(40));
        assertThat(stage.pool.membership().servers()).allMatch(server -> server.state() == Server.State.READY);
        assertThat(events(stage, PoolEvent.ReplacingHeld.class)).hasSize(1);
        stage.platform.dependencyAvailable(true);
        stage.pass(Duration.ofMinutes(5));

        assertThat(stage.launcher.launches()).isEmpty();
        assertThat(stage.platform.notTerminated()).hasSameSizeAs(before);
        stage.assertConverged();
    }

    // ---- the law

    private interface Step {
        void take(SupervisedPoolFixture stage);
    }

    private record Named(String name, Step step) {
        @Override
        public String toString() {
            return name;
        }
    }

    @Provide
    Arbitrary<List<Named>> steps() {
        Arbitrary<Integer> which = Arbitraries.integers().between(0, 5);
        Arbitrary<Boolean> yes = Arbitraries.of(true, true, false);
        Arbitrary<Named> step = Arbitraries.oneOf(
                which.flatMap(i -> yes.map(b -> new Named(
                        "hangs " + i + " " + b,
                        s -> one(s, i, l -> s.platform.failLiveness(l.id(), l.generation(), b))))),
                which.flatMap(i -> yes.map(b -> new Named(
                        "unhealthy " + i + " " + b,
                        s -> one(s, i, l -> s.platform.reportHealth(l.id(), l.generation(), !b))))),
                yes.map(b -> new Named(
                        "all hang " + b,
                        s -> s.platform.instances().forEach(l -> s.platform.failLiveness(l.id(), l.generation(), b)))),
                yes.map(b -> new Named("dependency away " + b, s -> s.platform.dependencyAvailable(!b))),
                which.map(i -> new Named("kill " + i, s -> s.kill(i))),
                which.map(i -> new Named("replace " + i, s -> s.replace(i))),
                Arbitraries.of(LaunchBehaviour.class)
                        .map(b -> new Named("launches are " + b, s -> s.platform.onLaunch(r -> b))),
                Arbitraries.integers().between(1, 6).map(n -> new Named("resize " + n, s -> s.ask(s.pool.resize(n)))),
                Arbitraries.integers()
                        .between(10, 20_000)
                        .map(ms -> new Named("wait " + ms + " ms", s -> s.pass(Duration.ofMillis(ms)))),
                Arbitraries.of(70_000, 130_000)
                        .map(ms -> new Named("wait " + ms + " ms", s -> s.pass(Duration.ofMillis(ms)))));
        return step.list().ofMinSize(1).ofMaxSize(40);
    }

    private static void one(SupervisedPoolFixture stage, int which, Consumer<LaunchedInstance> action) {
        List<LaunchedInstance> running = stage.platform.instances().stream()
                .filter(launched -> launched.address().isPresent())
                .toList();
        if (!running.isEmpty()) {
            action.accept(running.get(which % running.size()));
        }
    }

    /** What the pool takes away of what serves is what died, what somebody removed, and what another serves in place of. */
    @Property(tries = 150)
    void the_pool_takes_no_serving_instance_away_whatever_fails(@ForAll("steps") List<Named> steps) {
        SupervisedPoolFixture stage = stage();

        steps.forEach(step -> step.step().take(stage));

        Map<String, Long> serving = new HashMap<>();
        List<String> taken = new ArrayList<>();
        for (Membership membership : stage.heard) {
            Map<String, Long> now = new HashMap<>();
            membership
                    .servers()
                    .forEach(server -> server.instance()
                            .filter(instance -> server.state() == Server.State.READY)
                            .ifPresent(instance -> now.put(server.id(), instance.generation())));
            serving.forEach((id, generation) -> {
                boolean stays = membership
                        .server(id)
                        .filter(s -> s.state() != Server.State.DRAINING)
                        .isPresent();
                if (stays && !now.containsKey(id) && !died(stage, id, generation)) {
                    taken.add(id + " generation " + generation);
                }
            });
            serving.clear();
            serving.putAll(now);
        }
        assertThat(taken).isEmpty();
        stage.settleDown();
        stage.pass(Duration.ofMinutes(5));
        stage.assertConverged();
    }

    private static boolean died(SupervisedPoolFixture stage, String id, long generation) {
        return stage.events.stream()
                .filter(PoolEvent.Lost.class::isInstance)
                .map(PoolEvent.Lost.class::cast)
                .anyMatch(lost -> lost.id().equals(id)
                        && lost.generation() == generation
                        && (lost.reason().equals("killed") || lost.reason().startsWith("died")));
    }
}
