package io.github.lbkit.testkit.pool.supervised;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolChange.Outcome;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.pool.supervised.LaunchedInstance;
import io.github.lbkit.api.pool.supervised.RolloutOptions;
import io.github.lbkit.api.pool.supervised.SupervisedOptions.Leftovers;
import io.github.lbkit.testkit.FakePlatform.LaunchBehaviour;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/** Laws of rollouts under random failures of instances and owners. */
class RolloutLawsTest {
    private static final Duration LONG = Duration.ofMinutes(4);

    private record Step(String name, Consumer<SupervisedPoolFixture> what) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Arbitrary<Step> honest() {
        Arbitrary<Integer> which = Arbitraries.integers().between(0, 9);
        return Arbitraries.oneOf(
                Arbitraries.of("spec-1", "spec-2", "spec-3", "bad")
                        .map(spec -> new Step("roll out " + spec, s -> s.rollOut(spec))),
                Arbitraries.of(LaunchBehaviour.class)
                        .map(b -> new Step(
                                "bad is " + b,
                                s -> s.platform.onLaunchOfSpec(
                                        (request, spec) -> spec.equals("bad") ? b : LaunchBehaviour.STARTS))),
                Arbitraries.integers().between(0, 6).map(n -> new Step("resize " + n, s -> s.ask(s.pool.resize(n)))),
                which.map(i -> new Step("kill " + i, s -> s.kill(i))),
                Arbitraries.integers()
                        .between(0, 2500)
                        .map(ms -> new Step("wait " + ms, s -> s.pass(Duration.ofMillis(ms)))),
                Arbitraries.just(new Step("wait long", s -> s.pass(Duration.ofSeconds(70)))));
    }

    private static Arbitrary<Step> any() {
        return Arbitraries.oneOf(
                honest(),
                honest(),
                honest(),
                Arbitraries.integers().between(0, 9).map(i -> new Step("replace " + i, s -> s.replace(i))),
                Combinators.combine(
                                Arbitraries.integers().between(1, 8),
                                Arbitraries.of("spec-1", "spec-2"),
                                Arbitraries.of(Leftovers.class))
                        .as((n, spec, leftovers) -> new Step("crash at call " + n + ", then " + spec, s -> {
                            s.spec = spec;
                            s.options.leftovers(leftovers);
                            s.crashAtCall(n);
                        })));
    }

    @Provide
    Arbitrary<List<Step>> honestSteps() {
        return honest().list().ofMinSize(1).ofMaxSize(30);
    }

    @Provide
    Arbitrary<List<Step>> anySteps() {
        return any().list().ofMinSize(1).ofMaxSize(40);
    }

    @Property(tries = 300, shrinking = ShrinkingMode.BOUNDED)
    void never_more_instances_than_desired_and_the_surge(
            @ForAll("honestSteps") List<Step> steps, @ForAll @IntRange(min = 1, max = 3) int surge) {
        SupervisedPoolFixture stage = new SupervisedPoolFixture();
        stage.checkSurplus = true;
        stage.surge = surge;

        steps.forEach(step -> step.what().accept(stage));
        stage.settleDown();
        stage.pass(LONG);

        stage.assertConverged();
        stage.assertEveryQuestionAnswered();
    }

    @Property(tries = 300, shrinking = ShrinkingMode.BOUNDED)
    void the_last_rollout_wins_wherever_owners_crashed(@ForAll("anySteps") List<Step> steps) {
        SupervisedPoolFixture stage = new SupervisedPoolFixture();

        steps.forEach(step -> step.what().accept(stage));
        stage.settleDown();
        stage.pass(LONG);
        stage.assertConverged();
        CompletionStage<PoolChange> last = stage.rollOut("last");
        stage.pass(LONG);

        assertThat(SupervisedPoolFixture.now(last).complete()).isTrue();
        assertThat(stage.platform.instances())
                .extracting(LaunchedInstance::specHash)
                .allMatch("last"::equals);
        assertThat(stage.pool.specs().values()).allMatch("last"::equals);
        stage.assertConverged();
        stage.assertEveryQuestionAnswered();
    }

    @Property(tries = 200, shrinking = ShrinkingMode.BOUNDED)
    void a_bad_spec_costs_at_most_the_surge_and_everything_returns_to_what_it_was(
            @ForAll("bad") LaunchBehaviour bad,
            @ForAll @IntRange(min = 1, max = 4) int surge,
            @ForAll @IntRange(min = 1, max = 4) int attempts,
            @ForAll @IntRange(min = 0, max = 5) int good) {
        SupervisedPoolFixture stage =
                SupervisedPoolFixture.ready(SupervisedPoolFixture.options().servers(6));
        stage.platform.onLaunchOfSpec((request, spec) ->
                spec.equals("bad") && Integer.parseInt(request.id().substring("Server ".length())) > good
                        ? bad
                        : LaunchBehaviour.STARTS);

        CompletionStage<PoolChange> rolledOut = stage.rollOut(
                "bad",
                RolloutOptions.DEFAULTS.withSurge(surge).withAttempts(attempts).withSteadyFor(Duration.ofSeconds(2)));
        stage.pass(LONG);

        PoolChange change = SupervisedPoolFixture.now(rolledOut);
        assertThat(change.failed()).hasSizeBetween(1, surge);
        assertThat(change.servers()).hasSize(6);
        assertThat(change.servers().stream().filter(one -> one.outcome() == Outcome.REPLACED))
                .hasSize(good);
        int down = bad == LaunchBehaviour.EXITS ? surge : 0;
        assertThat(stage.heard)
                .allMatch(membership -> membership.servers().stream()
                                .filter(server -> server.state() == Server.State.READY)
                                .count()
                        >= 6 - down);
        assertThat(stage.pool.specs().values().stream().filter("spec-1"::equals))
                .hasSize(6 - good);
        stage.assertConverged();
    }

    @Provide
    Arbitrary<LaunchBehaviour> bad() {
        return Arbitraries.of(
                LaunchBehaviour.FAILS, LaunchBehaviour.HANGS, LaunchBehaviour.EXITS, LaunchBehaviour.NEVER_READY);
    }

    @Property(tries = 100, shrinking = ShrinkingMode.BOUNDED)
    void a_crash_at_any_call_of_a_rollout_loses_no_server_for_the_next_owner(
            @ForAll @IntRange(min = 1, max = 14) int call, @ForAll("nextSpec") String next) {
        SupervisedPoolFixture stage =
                SupervisedPoolFixture.ready(SupervisedPoolFixture.options().leftovers(Leftovers.ADOPT));
        stage.spec = next;
        stage.crashAtCall(call);
        stage.rollOut("spec-2");
        stage.pass(LONG);
        stage.settleDown();
        stage.pass(LONG);

        assertThat(stage.platform.instances())
                .extracting(LaunchedInstance::specHash)
                .allMatch("spec-2"::equals);
        stage.assertConverged();
    }

    @Provide
    Arbitrary<String> nextSpec() {
        return Arbitraries.of("spec-1", "spec-2");
    }
}
