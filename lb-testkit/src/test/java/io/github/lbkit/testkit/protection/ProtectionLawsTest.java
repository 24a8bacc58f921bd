package io.github.lbkit.testkit.protection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.OperatorOverride;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * The laws of a balancer's protection, over whatever may happen to it: live, bounded, blameless, of one identity, conserving,
 * and explained as it picks. A failure prints the setup and the steps.
 */
class ProtectionLawsTest {
    private static final int LAST_SLOT = World.SLOTS - 1;
    private static final int LAST_THREAD = World.THREADS - 1;

    private static final int LEAST_AGREED = 100_000;

    /** How many picks were foretold; the property runs on one thread. */
    private static long agreed;

    @AfterContainer
    static void explain_has_foretold_many_picks() {
        assertThat(agreed).as("picks that explain foretold").isGreaterThan(LEAST_AGREED);
    }

    @Property(tries = 600, edgeCases = EdgeCasesMode.NONE)
    void the_laws_hold_under_random_steps(@ForAll("setups") Setup setup, @ForAll("steps") List<Step> steps) {
        try (World world = new World(setup)) {
            for (int i = 0; i < World.SLOTS - 1; i++) {
                world.join(i, false);
            }
            for (Step step : steps) {
                step.run(world);
                world.checkAlways();
            }
            world.checkLiveness();
            agreed += world.agreed();
        }
    }

    @Provide
    Arbitrary<Setup> setups() {
        Arbitrary<Boolean> flag = Arbitraries.of(true, false);
        return Combinators.combine(
                        Combinators.combine(
                                        Arbitraries.of(
                                                "table",
                                                "table",
                                                "in-order",
                                                "round-robin",
                                                "random",
                                                "least-requests"),
                                        Arbitraries.of(1, 2, 8),
                                        Arbitraries.of(0.34, 0.5, 1.0),
                                        Arbitraries.of(0.0, 0.5, 0.8))
                                .as(Tuple::of),
                        flag,
                        flag,
                        flag,
                        flag,
                        Arbitraries.of(0, 0, 4),
                        Arbitraries.of(0, 0, 9),
                        Arbitraries.of(0.0, 0.0, 1.05, 1.25))
                .as((kind, probes, healthy, warmUp, latency, serverCap, poolCap, factor) -> new Setup(
                        kind.get1(),
                        kind.get2(),
                        kind.get3(),
                        kind.get4(),
                        probes,
                        healthy,
                        warmUp,
                        latency,
                        serverCap,
                        poolCap,
                        factor));
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Integer> slot = Arbitraries.integers().between(0, LAST_SLOT);
        Arbitrary<Integer> thread = Arbitraries.integers().between(0, LAST_THREAD);
        Arbitrary<Integer> some = Arbitraries.integers().between(0, 99);
        Arbitrary<Step.End> how = Arbitraries.of(Step.End.values());
        Arbitrary<Step> step = Arbitraries.frequencyOf(
                Tuple.of(
                        2,
                        Combinators.combine(slot, Arbitraries.of(true, false)).as(Step.Join::new)),
                Tuple.of(2, slot.map(Step.Leave::new)),
                Tuple.of(
                        1,
                        Combinators.combine(
                                        slot,
                                        Arbitraries.of(Server.State.READY, Server.State.DOWN, Server.State.DRAINING))
                                .as(Step.Becomes::new)),
                Tuple.of(1, Combinators.combine(slot, Arbitraries.of(0, 1, 3)).as(Step.Weighs::new)),
                Tuple.of(
                        2,
                        Combinators.combine(slot, Arbitraries.of(OperatorOverride.values()))
                                .as(Step.Overrides::new)),
                Tuple.of(
                        2,
                        Combinators.combine(slot, Arbitraries.of(true, false)).as(Step.Probes::new)),
                Tuple.of(4, Arbitraries.integers().between(0, 2_500).map(ms -> new Step.Time(Duration.ofMillis(ms)))),
                Tuple.of(4, Combinators.combine(some, thread).as((key, t) -> new Step.Begin(key, t))),
                Tuple.of(2, Combinators.combine(some, thread).as(Step.Respond::new)),
                Tuple.of(4, Combinators.combine(some, how, thread).as(Step.Ends::new)),
                Tuple.of(1, Combinators.combine(some, how, thread).as(Step.EndsAgain::new)),
                Tuple.of(
                        4,
                        Combinators.combine(slot, Arbitraries.integers().between(1, 40), how, thread)
                                .as(Step.Failing::new)),
                Tuple.of(
                        1,
                        Combinators.combine(slot, Arbitraries.integers().between(1, 60), thread)
                                .as(Step.Slow::new)));
        return step.list().ofMinSize(1).ofMaxSize(40);
    }
}
