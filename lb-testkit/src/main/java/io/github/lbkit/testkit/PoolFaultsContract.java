package io.github.lbkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Runtimes;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.testkit.FaultyCalls.Moment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What a {@link ServerPool} promises about code of others: whatever one call of a callback does, afterwards the pool works
 * as if nothing had happened. Every call of every callback goes wrong once, in every way.
 *
 * <p>A pool's own test says how the pool is opened over wrapped callbacks, what happens to it, and what must be true in the
 * end. The pool runs on virtual time.
 */
public abstract class PoolFaultsContract {
    /** The number of calls that are tried in each way, if there are more. */
    private static final int MOST_CALLS = 200;

    /** For subclasses. */
    protected PoolFaultsContract() {}

    /** One pool and its surroundings; used for one run. */
    protected abstract static class Subject {
        /** For subclasses. */
        protected Subject() {}

        /** Opens the pool; what the pool calls is wrapped by {@code faults}. May throw what a wrapped callback throws. */
        protected abstract ServerPool open(FaultyCalls faults, Runtimes runtimes) throws Exception;

        /**
         * Makes something happen to the pool: a change, a loss, another answer of its source. Called twice, while the call
         * that goes wrong may be still to come, and once more after it.
         *
         * @return what was asked of the pool and must have an answer in the end, whichever
         */
        protected abstract List<CompletionStage<?>> exercise(ServerPool pool) throws Exception;

        /** Checks that the pool shows what it should, a long time after the last {@link #exercise}. */
        protected abstract void assertWell(ServerPool pool);

        /** How long the pool may take to recover; 5 minutes unless overridden. */
        protected Duration recovery() {
            return Duration.ofMinutes(5);
        }

        /** Releases what the test itself holds. */
        protected void close() throws Exception {}
    }

    /** A new subject on this time. */
    protected abstract Subject subject(ManualScheduler scheduler) throws Exception;

    /** Whether calls of the pool's listener go wrong too; yes unless overridden. */
    protected boolean listenerToo() {
        return true;
    }

    /** Whether after this fault the pool may answer no earlier than when it is closed; no unless overridden. */
    protected boolean answersLate(FaultyCalls faults) {
        return false;
    }

    /** Called after a run in which this class threw or returned null: for a test that sees the log. */
    protected void faulted(FaultyCalls faults, Misbehaviour how) {}

    /** All calls, in all ways. */
    @TestFactory
    public final Stream<DynamicTest> one_call_of_a_callback_that_goes_wrong_leaves_nothing_behind() {
        return Arrays.stream(Misbehaviour.values())
                .flatMap(how -> Arrays.stream(Moment.values())
                        .map(moment -> DynamicTest.dynamicTest(how + " " + moment, () -> everyCall(how, moment))));
    }

    private void everyCall(Misbehaviour how, Moment moment) throws Exception {
        int timers = run(FaultyCalls.none(), null, Integer.MAX_VALUE);
        for (int number = 1; number <= MOST_CALLS; number++) {
            FaultyCalls faults = FaultyCalls.at(number, how, moment);
            try {
                run(faults, how, timers);
            } catch (Throwable e) {
                throw new AssertionError("call " + number + ", " + faults.strike() + ", " + how + " " + moment, e);
            }
            if (!faults.struck()) {
                return;
            }
        }
    }

    private static void assertAnswered(List<CompletionStage<?>> asked) {
        assertThat(asked)
                .as("answers")
                .allMatch(stage -> stage.toCompletableFuture().isDone());
    }

    private int run(FaultyCalls faults, @Nullable Misbehaviour how, int mostTimers) throws Exception {
        ManualScheduler scheduler = new ManualScheduler();
        OpenSchedulers open = new OpenSchedulers(scheduler.asRuntimes());
        Subject subject = subject(scheduler);
        try {
            ServerPool pool;
            try {
                pool = subject.open(faults, open);
            } catch (Throwable e) {
                assertThat(faults.struck()).as("opened without a fault").isTrue();
                assertThat(open.stillOpen())
                        .as("schedulers after a failed opening")
                        .isEmpty();
                pool = subject.open(FaultyCalls.none(), open);
            }
            List<Membership> heard = new ArrayList<>();
            if (listenerToo()) {
                PoolListener faulty = faults.around(PoolListener.class, membership -> {});
                var unused = pool.subscribe(faulty);
            }
            var unused = pool.subscribe(heard::add);
            List<CompletionStage<?>> asked = new ArrayList<>(List.of(pool.ready()));
            for (int i = 0; i < 2; i++) {
                scheduler.advance(Duration.ofSeconds(5));
                asked.addAll(subject.exercise(pool));
            }
            scheduler.advance(subject.recovery());
            faults.disarm();
            asked.addAll(subject.exercise(pool));
            scheduler.advance(subject.recovery());

            subject.assertWell(pool);
            assertThat(heard.get(heard.size() - 1)).as("heard last").isSameAs(pool.membership());
            if (!answersLate(faults)) {
                assertAnswered(asked);
            }
            int timers = scheduler.waiting();
            assertThat(timers).as("timers").isLessThanOrEqualTo(mostTimers);
            Await.moving(scheduler).blocking(pool::close);
            scheduler.advance(Duration.ofMinutes(1));
            assertThat(open.stillOpen()).as("schedulers after closing").isEmpty();
            assertAnswered(asked);
            if (how != null && faults.struck()) {
                faulted(faults, how);
            }
            return timers;
        } finally {
            subject.close();
        }
    }
}
