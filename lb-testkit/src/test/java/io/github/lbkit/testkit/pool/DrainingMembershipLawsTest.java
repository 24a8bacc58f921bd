package io.github.lbkit.testkit.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.DrainResult;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.pool.spi.DrainingMembership;
import io.github.lbkit.api.pool.spi.Notifier;
import io.github.lbkit.testkit.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A server that leaves, returns and leaves again drains twice, and each drain ends by its own answer or time. */
class DrainingMembershipLawsTest {
    private static final int TICK = 100;
    private static final int DRAIN = 3_000;
    private static final int NEVER = Integer.MAX_VALUE;

    /** The margin that the notifier grants to listeners after a drain's time. */
    private static final int END = DRAIN + 500;

    private static final Server SERVER = Server.ready("S1", new Instance("i", Address.of("127.0.0.1", 1), 1));
    private static final Server OTHER = Server.ready("S2", new Instance("j", Address.of("127.0.0.1", 2), 1));

    /** A server leaves or returns, some ticks after what happened before; if a drain begins, it is answered so late. */
    private record Step(int ticks, int answer) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Integer> answers = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(1, Arbitraries.just(NEVER)),
                net.jqwik.api.Tuple.of(
                        3, Arbitraries.integers().between(0, DRAIN / TICK).map(ticks -> ticks * TICK + 30)));
        return Combinators.combine(Arbitraries.integers().between(0, 20), answers)
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(12);
    }

    @Property(tries = 1_000)
    void each_drain_ends_by_its_own_answer_or_its_own_time(@ForAll("steps") List<Step> steps) {
        ManualScheduler scheduler = new ManualScheduler();
        Notifier notifier = new Notifier("laws", scheduler);
        DrainingMembership draining = new DrainingMembership(notifier, scheduler, Duration.ofMillis(DRAIN));
        List<Integer> drained = new ArrayList<>();
        List<Integer> answers = new ArrayList<>();
        var unused = notifier.subscribe(new PoolListener() {
            @Override
            public void changed(Membership membership) {}

            @Override
            public CompletionStage<DrainResult> release(Server server, Duration within) {
                CompletableFuture<DrainResult> answer = new CompletableFuture<>();
                int number = answers.size();
                int delay = steps.get(2 * number).answer();
                answers.add(delay);
                if (delay != NEVER) {
                    scheduler.schedule(Duration.ofMillis(delay), () -> answer.complete(new DrainResult(number, 0)));
                }
                return answer;
            }

            @Override
            public void happened(PoolEvent event) {
                if (event instanceof PoolEvent.Drained ended) {
                    drained.add(ended.result().finished());
                }
            }
        });
        draining.show(List.of(SERVER, OTHER), server -> true);
        boolean named = true;
        int now = 0;
        int ends = NEVER;
        List<Integer> expected = new ArrayList<>();
        int drains = 0;
        int answer = 0;
        for (int i = 0; i <= steps.size(); i++) {
            int ticks = i < steps.size() ? steps.get(i).ticks() : 2 * END / TICK;
            for (int tick = 0; tick < ticks; tick++) {
                scheduler.advance(Duration.ofMillis(TICK));
                now += TICK;
                if (ends <= now) {
                    expected.add(answer <= END ? drains - 1 : 0);
                    ends = NEVER;
                }
                assertThat(notifier.membership().server("S1").map(Server::state).orElse(Server.State.DOWN))
                        .as("at %s ms of %s", now, steps)
                        .isEqualTo(
                                named ? Server.State.READY : ends == NEVER ? Server.State.DOWN : Server.State.DRAINING);
            }
            if (i < steps.size()) {
                named = !named;
                draining.show(named ? List.of(SERVER, OTHER) : List.of(OTHER), server -> true);
                scheduler.runDue();
                answer = named ? NEVER : steps.get(2 * drains).answer();
                drains += named ? 0 : 1;
                ends = named ? NEVER : now + Math.min(answer, END);
            }
        }

        assertThat(drained).isEqualTo(expected);
        assertThat(scheduler.pendingTasks()).isZero();
    }
}
