package io.github.lbkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.testkit.fault.FaultyCalls;
import io.github.lbkit.testkit.fault.FaultyCalls.Moment;
import io.github.lbkit.testkit.fault.Misbehaviour;
import io.github.lbkit.testkit.fault.OpenSchedulers;
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
 * The laws of a {@link ServerPool} whose callbacks fail. After a fault in one call of a callback the pool must recover,
 * and must hold no timer, scheduler or open stage. Every call of every callback fails once, in every way; the pool runs
 * on virtual time.
 *
 * <p>A test of a pool extends this suite. Its {@link Subject} opens the pool over wrapped callbacks, changes it, and
 * checks its final state.
 *
 * <pre>{@code
 * class MyPoolFaultsTest extends PoolFaultsContract {
 *     @Override
 *     protected Subject subject(ManualScheduler scheduler) {
 *         return new Subject() {
 *             private final MySource source = new MySource();
 *
 *             @Override
 *             protected ServerPool open(FaultyCalls faults, Runtimes runtimes) {
 *                 return new MyPool(runtimes, faults.wrap(Source.class, source));
 *             }
 *
 *             @Override
 *             protected List<CompletionStage<?>> exercise(ServerPool pool) {
 *                 source.change();
 *                 return List.of();
 *             }
 *
 *             @Override
 *             protected void assertRecovered(ServerPool pool) {
 *                 assertThat(pool.membership().servers()).isEqualTo(source.servers());
 *             }
 *         };
 *     }
 * }
 * }</pre>
 */
public abstract class PoolFaultsContract {
    /** The number of calls that fail in each way, if a run has more. */
    private static final int MAX_CALLS = 200;

    /** Creates the suite. */
    protected PoolFaultsContract() {}

    /** One pool and its callbacks, used for one run. */
    protected abstract static class Subject {
        /** Creates the subject. */
        protected Subject() {}

        /** Opens the pool with callbacks that {@code faults} wraps; may throw what a wrapped callback throws. */
        protected abstract ServerPool open(FaultyCalls faults, Runtimes runtimes) throws Exception;

        /**
         * Changes the pool, for example by another answer of its source or a lost server. Called three times, the last
         * time after the fault.
         *
         * @return the stages of the changes, which must all complete in the end
         */
        protected abstract List<CompletionStage<?>> exercise(ServerPool pool) throws Exception;

        /** Checks the state of the pool after it had {@link #recovery} time since the last {@link #exercise}. */
        protected abstract void assertRecovered(ServerPool pool);

        /** Returns the time that the pool may take to recover, 5 minutes by default. */
        protected Duration recovery() {
            return Duration.ofMinutes(5);
        }

        /** Releases the resources of the subject. */
        protected void close() throws Exception {}
    }

    /** Returns a new subject on the time of this scheduler. */
    protected abstract Subject subject(ManualScheduler scheduler) throws Exception;

    /** Returns whether calls of a pool listener fail, too; true by default. */
    protected boolean faultyListener() {
        return true;
    }

    /** Returns whether after this fault the pool may leave stages open until it is closed; false by default. */
    protected boolean mayAnswerOnClose(FaultyCalls faults) {
        return false;
    }

    /** Called after each run with a fault; overridden by a test that checks the log. */
    protected void afterFault(FaultyCalls faults, Misbehaviour how) {}

    /** Law: after one faulty call, the pool must recover and hold no timer, scheduler or open stage. */
    @TestFactory
    public final Stream<DynamicTest> one_faulty_call_of_a_callback_leaks_nothing() {
        return Arrays.stream(Misbehaviour.values())
                .flatMap(how -> Arrays.stream(Moment.values())
                        .map(moment -> DynamicTest.dynamicTest(how + " " + moment, () -> everyCall(how, moment))));
    }

    private void everyCall(Misbehaviour how, Moment moment) throws Exception {
        int timers = run(FaultyCalls.none(), null, Integer.MAX_VALUE);
        for (int number = 1; number <= MAX_CALLS; number++) {
            FaultyCalls faults = FaultyCalls.at(number, how, moment);
            try {
                run(faults, how, timers);
            } catch (Throwable e) {
                throw new AssertionError(
                        "call " + number + ", " + faults.faultyMethod() + ", " + how + " " + moment, e);
            }
            if (!faults.occurred()) {
                return;
            }
        }
    }

    private static void assertCompleted(List<CompletionStage<?>> stages) {
        assertThat(stages)
                .as("completed stages of changes")
                .allMatch(stage -> stage.toCompletableFuture().isDone());
    }

    private int run(FaultyCalls faults, @Nullable Misbehaviour how, int maxTimers) throws Exception {
        ManualScheduler scheduler = new ManualScheduler();
        OpenSchedulers open = new OpenSchedulers(scheduler.asRuntimes());
        Subject subject = subject(scheduler);
        try {
            ServerPool pool;
            try {
                pool = subject.open(faults, open);
            } catch (Throwable e) {
                assertThat(faults.occurred())
                        .as("opening a pool may fail on a fault alone")
                        .isTrue();
                assertThat(open.stillOpen())
                        .as("open schedulers after the pool could not be opened")
                        .isEmpty();
                pool = subject.open(FaultyCalls.none(), open);
            }
            List<Membership> received = new ArrayList<>();
            if (faultyListener()) {
                PoolListener listener = faults.wrap(PoolListener.class, membership -> {});
                var unused = pool.subscribe(listener);
            }
            var unused = pool.subscribe(received::add);
            List<CompletionStage<?>> stages = new ArrayList<>(List.of(pool.ready()));
            for (int i = 0; i < 2; i++) {
                scheduler.advance(Duration.ofSeconds(5));
                stages.addAll(subject.exercise(pool));
            }
            scheduler.advance(subject.recovery());
            faults.disarm();
            stages.addAll(subject.exercise(pool));
            scheduler.advance(subject.recovery());

            subject.assertRecovered(pool);
            assertThat(received.get(received.size() - 1))
                    .as("newest snapshot that a listener received")
                    .isSameAs(pool.membership());
            if (!mayAnswerOnClose(faults)) {
                assertCompleted(stages);
            }
            int timers = scheduler.pendingTasks();
            assertThat(timers).as("pending timers, as many as without a fault").isLessThanOrEqualTo(maxTimers);
            Await.moving(scheduler).blocking(pool::close);
            scheduler.advance(Duration.ofMinutes(1));
            assertThat(open.stillOpen()).as("open schedulers after closing").isEmpty();
            assertCompleted(stages);
            if (how != null && faults.occurred()) {
                afterFault(faults, how);
            }
            return timers;
        } finally {
            subject.close();
        }
    }
}
