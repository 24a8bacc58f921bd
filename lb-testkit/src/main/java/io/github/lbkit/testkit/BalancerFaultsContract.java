package io.github.lbkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.DrainResult;
import io.github.lbkit.api.Failure;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.InstanceListener;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.MembershipChange;
import io.github.lbkit.api.NoServer;
import io.github.lbkit.api.OperatorOverride;
import io.github.lbkit.api.Pick;
import io.github.lbkit.api.Policy;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.WaitQueue;
import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.health.Probe;
import io.github.lbkit.api.health.ProbeResult;
import io.github.lbkit.api.health.RetryBudget;
import io.github.lbkit.api.health.WarmUp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What a balancer promises about code of others, tested with a policy of yours: whatever one call of the policy's parts, of a
 * listener, a probe or the source of random numbers does, it fails its own call alone. Afterwards no place, waiter or timer is
 * left, and the next calls work. Every call goes wrong once, in every way. The balancer runs on virtual time.
 */
public abstract class BalancerFaultsContract {
    private static final int MOST_CALLS = 2_000;
    private static final int POOL_CAP = 5;
    private static final List<Misbehaviour> WAYS = List.of(
            Misbehaviour.THROWS_AN_EXCEPTION,
            Misbehaviour.THROWS_AN_ERROR,
            Misbehaviour.RETURNS_NULL,
            Misbehaviour.FAILS_WITH_AN_ERROR,
            Misbehaviour.NEVER_COMPLETES);

    /** For subclasses. */
    protected BalancerFaultsContract() {}

    /** Returns the policy; it, its pickers or what they call are wrapped by {@code faults}. */
    protected abstract Policy policy(FaultyCalls faults);

    /**
     * Called after a run in which a call went wrong: for a test that sees the log.
     *
     * @param callerKnows whether what was thrown reached the caller of the balancer, so that it need not be logged
     */
    protected void faulted(FaultyCalls faults, Misbehaviour how, boolean callerKnows) {}

    /** Law: one call that goes wrong leaves nothing behind. */
    @TestFactory
    public final Stream<DynamicTest> one_call_that_goes_wrong_leaves_nothing_behind() {
        return WAYS.stream()
                .flatMap(how -> Arrays.stream(FaultyCalls.Moment.values())
                        .map(moment -> DynamicTest.dynamicTest(how + " " + moment, () -> everyCall(how, moment))));
    }

    private void everyCall(Misbehaviour how, FaultyCalls.Moment moment) throws Exception {
        int timers = new Run(FaultyCalls.none(), null).live(Integer.MAX_VALUE);
        for (int number = 1; number <= MOST_CALLS; number++) {
            FaultyCalls faults = FaultyCalls.at(number, how, moment);
            Run run = new Run(faults, how);
            try {
                int unused = run.live(timers);
            } catch (Throwable e) {
                throw new AssertionError(
                        "call " + number + ", " + faults.strike() + ", " + how + " " + moment + ": " + e, e);
            }
            if (!faults.struck()) {
                assertThat(number).as("calls that went wrong").isGreaterThan(10);
                return;
            }
            faulted(faults, how, run.callerKnows);
        }
        throw new AssertionError("more than " + MOST_CALLS + " calls");
    }

    /** One life of a balancer, of which at most one call goes wrong. */
    private final class Run {
        private final ManualScheduler scheduler = new ManualScheduler();
        private final OpenSchedulers schedulers = new OpenSchedulers(scheduler.asRuntimes());
        private final ScriptedPool pool = new ScriptedPool("faults");
        private final List<Attempt> attempts = new ArrayList<>();
        private final List<CompletableFuture<?>> futures = new ArrayList<>();
        private final AtomicLong random = new AtomicLong();
        private final FaultyCalls faults;
        private final @Nullable Misbehaviour how;
        private boolean callerKnows;

        Run(FaultyCalls faults, @Nullable Misbehaviour how) {
            this.faults = faults;
            this.how = how;
        }

        int live(int mostTimers) throws Exception {
            LoadBalancer balancer;
            try {
                balancer = build(faults);
            } catch (Throwable e) {
                assertThat(faults.struck()).as("a balancer is built").isTrue();
                assertThat(schedulers.stillOpen())
                        .as("schedulers of a balancer that was not built")
                        .isEmpty();
                callerKnows = true;
                balancer = build(FaultyCalls.none());
            }
            WaitQueue queue = new WaitQueue(balancer, new WaitQueue.Settings(10, Duration.ofSeconds(2), true));
            var unused = balancer.follow(faults.around(InstanceListener.class, new InstanceListener() {}));
            for (int round = 0; round < 3; round++) {
                exercise(balancer, queue, round);
            }
            faults.disarm();
            List.copyOf(attempts).forEach(Attempt::abandoned);
            scheduler.advance(Duration.ofMinutes(10));
            pool.publish(server("a", 1), server("b", 1), server("c", 1), server("d", 1));
            scheduler.advance(Duration.ofMinutes(10));
            assertWell(balancer, queue);
            int timers = scheduler.waiting();
            assertThat(timers).as("timers").isLessThanOrEqualTo(mostTimers);
            queue.close();
            balancer.close();
            assertThat(schedulers.stillOpen()).as("schedulers").isEmpty();
            assertThat(pool.listening()).isZero();
            return timers;
        }

        private LoadBalancer build(FaultyCalls around) {
            Probe probe = around.around(
                    Probe.class, (instance, timeout) -> CompletableFuture.completedFuture(ProbeResult.PASSED));
            return LoadBalancer.builder(pool, policy(around))
                    .runtimes(schedulers)
                    .random(around.around(LongSupplier.class, () -> random.addAndGet(0x9E3779B97F4A7C15L)))
                    .ejection(Ejection.DEFAULTS)
                    .healthChecks(HealthChecks.builder(probe).jitter(0).build())
                    .warmUp(new WarmUp(Duration.ofSeconds(30), 0.1))
                    .retryBudget(new RetryBudget(1, 10))
                    .loadFactor(1.25)
                    .maxInFlightPerServer(3)
                    .maxInFlight(POOL_CAP)
                    .listener(around.around(LoadBalancerListener.class, new LoadBalancerListener() {}))
                    .build();
        }

        private void exercise(LoadBalancer balancer, WaitQueue queue, int round) {
            attempt(() -> pool.publish(server("a", 1), server("b", 1), server("c", round + 2), server("d" + round, 1)));
            attempt(() -> pool.publish(server("a", 1), server("b", 1), server("c", round + 2)));
            scheduler.advance(Duration.ofSeconds(6));
            for (int i = 0; i < 3; i++) {
                int key = i;
                attempt(() -> hold(balancer.call(Key.of("k" + key)).next()));
            }
            for (int i = 0; i < 6; i++) {
                attempt(() -> failed(balancer.call(Key.of("same")).next()));
            }
            for (int i = 0; i < 4; i++) {
                int key = i;
                attempt(() -> {
                    CompletableFuture<Pick> turn = queue.next(balancer.call(Key.of("w" + key)));
                    futures.add(turn);
                    CompletableFuture<Void> held = turn.thenAccept(this::hold);
                    return futures.add(held.exceptionally(e -> null));
                });
            }
            attempt(() -> balancer.explain(Key.of("x")));
            attempt(() -> balancer.plan(new MembershipChange(List.of(new Member("z", 1)), Set.of())));
            attempt(() -> balancer.override("b", OperatorOverride.DOWN));
            attempt(() -> balancer.override("b", OperatorOverride.NONE));
            for (Attempt attempt : List.copyOf(attempts.subList(0, attempts.size() / 2))) {
                attempt(() -> {
                    attempt.responded();
                    attempt.succeeded();
                    return true;
                });
            }
            CompletableFuture<DrainResult> drained = pool.release(server("a", 1), Duration.ofSeconds(1));
            futures.add(drained);
            scheduler.advance(Duration.ofSeconds(4));
        }

        /** What throws fails its own caller alone. */
        private void attempt(Callable<?> call) {
            try {
                Object unused = call.call();
            } catch (Throwable e) {
                callerKnows = true;
                if (how != Misbehaviour.RETURNS_NULL || !(e instanceof NullPointerException)) {
                    assertThat(e).as("what the caller gets").hasStackTraceContaining("as the test wants it");
                }
            }
        }

        private boolean hold(Pick pick) {
            return pick instanceof Attempt attempt && attempts.add(attempt);
        }

        private static boolean failed(Pick pick) {
            if (pick instanceof Attempt attempt) {
                attempt.failed(Failure.STATUS);
            }
            return true;
        }

        private void assertWell(LoadBalancer balancer, WaitQueue queue) {
            assertThat(balancer.servers()).as("in flight").hasSize(4).allMatch(s -> s.inFlight() == 0);
            assertThat(balancer.servers())
                    .as("pickable")
                    .allMatch(s -> s.health().isPickable());
            assertThat(queue.waiting()).as("waiters").isZero();
            assertThat(futures).as("futures").allMatch(CompletableFuture::isDone);
            List<Attempt> all = new ArrayList<>();
            for (int i = 0; i < POOL_CAP; i++) {
                Pick pick = balancer.call(Key.of("after" + i)).next();
                assertThat(pick).as("place %s of %s", i, POOL_CAP).isInstanceOf(Attempt.class);
                all.add((Attempt) pick);
            }
            assertThat(((NoServer) balancer.call(Key.of("more")).next()).reason())
                    .isEqualTo(NoServer.Reason.POOL_BUSY);
            all.forEach(Attempt::succeeded);
            assertThat(balancer.forced()).as("attempts beyond the bounded load").isZero();
        }
    }

    private static Server server(String id, long generation) {
        return Server.ready(id, new Instance("i-" + id, Address.of("127.0.0.1", 9000), generation));
    }
}
