package io.github.lbkit.testkit.pool.supervised;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Membership;
import io.github.lbkit.api.pool.supervised.LaunchRequest;
import io.github.lbkit.api.pool.supervised.LaunchedInstance;
import io.github.lbkit.testkit.FakePlatform.LaunchBehaviour;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;

/** The convergence of a supervised pool to the desired servers after random failures. */
class SupervisedPoolHealingTest {
    private static final Duration LONG = Duration.ofMinutes(4);

    /** One thing that happens. */
    private interface Step {
        void take(SupervisedPoolFixture stage);
    }

    private record Named(String name, Step step) implements Step {
        @Override
        public void take(SupervisedPoolFixture stage) {
            step.take(stage);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @Provide
    Arbitrary<List<Named>> honestSteps() {
        return honest().list().ofMinSize(1).ofMaxSize(40);
    }

    @Provide
    Arbitrary<List<Named>> anySteps() {
        return Arbitraries.frequencyOf(Tuple.of(3, honest()), Tuple.of(2, dishonest()))
                .list()
                .ofMinSize(1)
                .ofMaxSize(50);
    }

    private static Arbitrary<Named> honest() {
        Arbitrary<Integer> small = Arbitraries.integers().between(1, 3);
        Arbitrary<Integer> which = Arbitraries.integers().between(0, 9);
        return Arbitraries.oneOf(
                small.map(n -> named("add " + n, s -> s.ask(s.pool.add(n, List.of())))),
                small.map(n -> named("remove " + n, s -> s.ask(s.pool.remove(n, List.of())))),
                which.map(i -> named("add again X" + i, s -> s.ask(s.pool.add(1, List.of("X" + i))))),
                which.map(i -> named("remove X" + i, s -> s.ask(s.pool.remove(1, List.of("X" + i))))),
                which.map(i -> named("replace " + i, s -> s.replace(i))),
                Arbitraries.just(named("replace all", SupervisedPoolFixture::replaceAll)),
                Arbitraries.integers().between(0, 6).map(n -> named("resize " + n, s -> s.ask(s.pool.resize(n)))),
                which.map(i -> named("kill " + i, s -> s.kill(i))),
                which.map(i -> named("stall " + i, s -> s.stall(i))),
                Combinators.combine(which, Arbitraries.of(LaunchBehaviour.class))
                        .as((i, b) -> named("launches ending in " + i % 4 + " are " + b, s -> s.behave(i % 4, b))),
                Arbitraries.integers()
                        .between(0, 3000)
                        .map(ms -> named("wait " + ms + " ms", s -> s.pass(Duration.ofMillis(ms)))),
                Arbitraries.of(35_000, 70_000)
                        .map(ms -> named("wait " + ms + " ms", s -> s.pass(Duration.ofMillis(ms)))));
    }

    private static Arbitrary<Named> dishonest() {
        Arbitrary<Integer> which = Arbitraries.integers().between(0, 9);
        return Arbitraries.oneOf(
                Arbitraries.just(named("owner crashes", SupervisedPoolFixture::crash)),
                Arbitraries.integers()
                        .between(1, 6)
                        .map(n -> named("owner crashes at call " + n, s -> s.crashAtCall(n))),
                which.map(i -> named("kill " + i + " silently", s -> {
                    s.platform.exitNotifications(0);
                    s.kill(i);
                    s.platform.exitNotifications(1);
                })),
                Arbitraries.integers()
                        .between(0, 3)
                        .map(n -> named("ends are told " + n + " times", s -> s.platform.exitNotifications(n))),
                which.map(i -> named("it is said that " + i + " has ended", s -> s.slander(i))),
                which.map(i -> named("lists omit " + i, s -> s.platform.distortLists(list -> omit(list, i)))),
                which.map(i -> named(
                        "lists repeat and invent", s -> s.platform.distortLists(SupervisedPoolHealingTest::invent))),
                Arbitraries.integers().between(1, 4).map(n -> named("lists fail " + n, s -> s.platform.failLists(n))),
                Arbitraries.integers()
                        .between(1, 4)
                        .map(n -> named("terminations fail " + n, s -> s.platform.failTerminations(n))),
                Arbitraries.of(true, false).map(b -> named("frozen " + b, s -> s.platform.freeze(b))),
                Arbitraries.just(named("hint", s -> s.platform.hint())));
    }

    private static Named named(String name, Step step) {
        return new Named(name, step);
    }

    private static List<LaunchedInstance> omit(List<LaunchedInstance> list, int which) {
        if (!list.isEmpty()) {
            list.remove(which % list.size());
        }
        return list;
    }

    private static List<LaunchedInstance> invent(List<LaunchedInstance> list) {
        List<LaunchedInstance> more = new ArrayList<>(list);
        more.addAll(list);
        more.add(
                LaunchedInstance.incomplete(new LaunchRequest("Ghost", 7, "ghost", false, Map.of()), "spec-0", "none"));
        return more;
    }

    @Property(tries = 400, shrinking = ShrinkingMode.BOUNDED)
    void converges_to_exactly_the_desired_servers_whatever_happened(@ForAll("anySteps") List<Named> steps) {
        SupervisedPoolFixture stage = new SupervisedPoolFixture();

        steps.forEach(step -> step.take(stage));
        stage.settleDown();
        stage.pass(LONG);

        stage.assertConverged();
        stage.assertEveryQuestionAnswered();
        stage.pool.closing();
        stage.pass(Duration.ofMinutes(1));
        assertThat(stage.platform.instances()).isEmpty();
        stage.assertEveryQuestionAnswered();
    }

    @Property(tries = 400, shrinking = ShrinkingMode.BOUNDED)
    void never_more_instances_than_desired_and_one_more_where_replacement_was_asked_for(
            @ForAll("honestSteps") List<Named> steps) {
        SupervisedPoolFixture stage = new SupervisedPoolFixture();
        stage.checkSurplus = true;

        steps.forEach(step -> step.take(stage));
        stage.settleDown();
        stage.pass(LONG);

        stage.assertConverged();
        stage.assertEveryQuestionAnswered();
    }

    @Property(tries = 100, shrinking = ShrinkingMode.BOUNDED)
    void a_crash_at_any_call_leaves_no_orphan_and_no_double(
            @ForAll("crashCalls") List<Integer> calls, @ForAll("crashSpecs") List<String> specs) {
        SupervisedPoolFixture stage = new SupervisedPoolFixture();

        for (int i = 0; i < calls.size(); i++) {
            stage.crashAtCall(calls.get(i));
            stage.replace(1);
            stage.kill(calls.get(i));
            stage.ask(stage.pool.resize(2 + calls.get(i) % 3));
            stage.pass(Duration.ofMillis(400));
            stage.spec = specs.get(i);
            stage.openIfCrashed();
        }
        stage.settleDown();
        stage.pass(LONG);

        stage.assertConverged();
    }

    @Provide
    Arbitrary<List<Integer>> crashCalls() {
        return Arbitraries.integers().between(1, 12).list().ofSize(6);
    }

    @Provide
    Arbitrary<List<String>> crashSpecs() {
        return Arbitraries.of("spec-1", "spec-1", "spec-2").list().ofSize(6);
    }

    @Property(tries = 200, shrinking = ShrinkingMode.BOUNDED)
    void refused_changes_change_nothing(@ForAll("refused") Named change) {
        SupervisedPoolFixture stage = new SupervisedPoolFixture();
        stage.pass(Duration.ofSeconds(1));
        Membership before = stage.pool.membership();
        List<LaunchedInstance> existing = stage.platform.instances();

        change.take(stage);
        stage.pass(Duration.ofSeconds(1));

        assertThat(stage.refusals).hasSize(1);
        assertThat(stage.pool.membership()).isSameAs(before);
        assertThat(stage.pool.desired()).containsExactly("Server 1", "Server 2", "Server 3");
        assertThat(stage.platform.instances()).hasSameSizeAs(existing);
        assertThat(stage.launcher.launches()).hasSize(3);
    }

    @Provide
    Arbitrary<Named> refused() {
        Arbitrary<Integer> bad = Arbitraries.integers().lessOrEqual(0);
        Arbitrary<Integer> huge = Arbitraries.integers().greaterOrEqual(14);
        Arbitrary<String> badId =
                Arbitraries.of("", " ", " a", "a ", "a/b", "a\nb", "ä", "a\u0000", "x".repeat(64), "a;b", "{}", "a\tb");
        return Arbitraries.oneOf(
                bad.map(n -> named("add " + n, s -> s.ask(s.pool.add(n, List.of())))),
                bad.map(n -> named("remove " + n, s -> s.ask(s.pool.remove(n, List.of())))),
                huge.map(n -> named("add " + n, s -> s.ask(s.pool.add(n, List.of())))),
                huge.map(n -> named("remove " + n, s -> s.ask(s.pool.remove(n, List.of())))),
                huge.map(n -> named("resize " + n, s -> s.ask(s.pool.resize(n)))),
                Arbitraries.integers().lessOrEqual(-1).map(n -> named("resize " + n, s -> s.ask(s.pool.resize(n)))),
                badId.map(id -> named("add " + id, s -> s.ask(s.pool.add(2, List.of("ok", id))))),
                badId.map(id -> named("remove " + id, s -> s.ask(s.pool.remove(2, List.of("Server 1", id))))),
                badId.map(id -> named("replace " + id, s -> s.ask(s.pool.replace(id)))),
                Arbitraries.just(named("taken", s -> s.ask(s.pool.add(2, List.of("ok", "Server 3"))))),
                Arbitraries.just(named("twice", s -> s.ask(s.pool.add(2, List.of("ok", "ok"))))),
                Arbitraries.just(named("twice", s -> s.ask(s.pool.remove(2, List.of("Server 1", "Server 1"))))),
                Arbitraries.just(named("more ids", s -> s.ask(s.pool.add(1, List.of("a", "b"))))),
                Arbitraries.just(named("more ids", s -> s.ask(s.pool.remove(1, List.of("Server 1", "Server 2"))))),
                Arbitraries.just(named("not admitted", s -> s.ask(s.pool.add(1, List.of("unwelcome"))))),
                Arbitraries.just(named("preview", s -> s.ask(s.pool.preview(true, 1, List.of("unwelcome"))))));
    }
}
