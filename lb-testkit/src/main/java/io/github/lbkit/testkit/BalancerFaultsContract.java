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
import io.github.lbkit.api.NoServer;
import io.github.lbkit.api.Pick;
import io.github.lbkit.api.Policy;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.WaitQueue;
import io.github.lbkit.api.explain.MembershipChange;
import io.github.lbkit.api.explain.OperatorOverride;
import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.health.Probe;
import io.github.lbkit.api.health.ProbeResult;
import io.github.lbkit.api.health.RetryBudget;
import io.github.lbkit.api.health.WarmUp;
import io.github.lbkit.testkit.fault.FaultyCalls;
import io.github.lbkit.testkit.fault.Misbehaviour;
import io.github.lbkit.testkit.fault.OpenSchedulers;
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
 * The laws of a {@link LoadBalancer} whose callbacks fail, for a policy under test. A fault in one call of the policy,
 * of a listener, of a probe or of the random source may fail that call alone. Afterwards no in-flight count, waiter or
 * timer is left, and the next calls work. Every call fails once, in every way; the balancer runs on virtual time.
 *
 * <pre>{@code
 * class MyPolicyFaultsTest extends BalancerFaultsContract {
 *     @Override
 *     protected Policy policy(FaultyCalls faults) {
 *         return faults.wrap(Policy.class, new MyPolicy());
 *     }
 * }
 * }</pre>
 */
public abstract class BalancerFaultsContract {
    private static final int MAX_CALLS = 2_000;
    private static final int MAX_IN_FLIGHT = 5;
    private static final List<Misbehaviour> MISBEHAVIOURS = List.of(
            Misbehaviour.THROWS_AN_EXCEPTION,
            Misbehaviour.THROWS_AN_ERROR,
            Misbehaviour.RETURNS_NULL,
            Misbehaviour.FAILS_WITH_AN_ERROR,
            Misbehaviour.NEVER_COMPLETES);

    /** Creates the suite. */
    protected BalancerFaultsContract() {}

    /** Returns the policy under test; it, its pickers or their callbacks are wrapped by {@code faults}. */
    protected abstract Policy policy(FaultyCalls faults);

    /**
     * Called after each run with a fault; overridden by a test that checks the log.
     *
     * @param callerKnows whether the caller of the balancer received the exception, so that the log need not have it
     */
    protected void afterFault(FaultyCalls faults, Misbehaviour how, boolean callerKnows) {}

    /** Law: after one faulty call, the balancer must hold no in-flight count, waiter, timer or scheduler. */
    @TestFactory
    public final Stream<DynamicTest> one_faulty_call_leaks_nothing() {
        return MISBEHAVIOURS.stream()
                .flatMap(how -> Arrays.stream(FaultyCalls.Moment.values())
                        .map(moment -> DynamicTest.dynamicTest(how + " " + moment, () -> everyCall(how, moment))));
    }

    private void everyCall(Misbehaviour how, FaultyCalls.Moment moment) throws Exception {
        int timers = new Run(FaultyCalls.none(), null).play(Integer.MAX_VALUE);
        for (int number = 1; number <= MAX_CALLS; number++) {
            FaultyCalls faults = FaultyCalls.at(number, how, moment);
            Run run = new Run(faults, how);
            try {
                int unused = run.play(timers);
            } catch (Throwable e) {
                throw new AssertionError(
                        "call " + number + ", " + faults.faultyMethod() + ", " + how + " " + moment + ": " + e, e);
            }
            if (!faults.occurred()) {
                assertThat(number).as("number of calls that a fault can hit").isGreaterThan(10);
                return;
            }
            afterFault(faults, how, run.callerKnows);
        }
        throw new AssertionError("a run makes more than " + MAX_CALLS + " calls");
    }

    /** One run of a balancer from its building to its closing, with at most one faulty call. */
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

        int play(int maxTimers) throws Exception {
            LoadBalancer balancer;
            try {
                balancer = build(faults);
            } catch (Throwable e) {
                assertThat(faults.occurred())
                        .as("building a balancer may fail on a fault alone")
                        .isTrue();
                assertThat(schedulers.stillOpen())
                        .as("open schedulers after a balancer could not be built")
                        .isEmpty();
                callerKnows = true;
                balancer = build(FaultyCalls.none());
            }
            WaitQueue queue = new WaitQueue(balancer, new WaitQueue.Settings(10, Duration.ofSeconds(2), true));
            var unused = balancer.follow(faults.wrap(InstanceListener.class, new InstanceListener() {}));
            for (int round = 0; round < 3; round++) {
                exercise(balancer, queue, round);
            }
            faults.disarm();
            List.copyOf(attempts).forEach(Attempt::abandoned);
            scheduler.advance(Duration.ofMinutes(10));
            pool.publish(server("a", 1), server("b", 1), server("c", 1), server("d", 1));
            scheduler.advance(Duration.ofMinutes(10));
            assertRecovered(balancer, queue);
            int timers = scheduler.pendingTasks();
            assertThat(timers).as("pending timers, as many as without a fault").isLessThanOrEqualTo(maxTimers);
            queue.close();
            balancer.close();
            assertThat(schedulers.stillOpen())
                    .as("open schedulers after closing")
                    .isEmpty();
            assertThat(pool.subscriptions()).as("subscriptions after closing").isZero();
            return timers;
        }

        private LoadBalancer build(FaultyCalls injector) {
            Probe probe = injector.wrap(
                    Probe.class, (instance, timeout) -> CompletableFuture.completedFuture(ProbeResult.PASSED));
            return LoadBalancer.builder(pool, policy(injector))
                    .runtimes(schedulers)
                    .random(injector.wrap(LongSupplier.class, () -> random.addAndGet(0x9E3779B97F4A7C15L)))
                    .ejection(Ejection.DEFAULTS)
                    .healthChecks(HealthChecks.builder(probe).jitter(0).build())
                    .warmUp(new WarmUp(Duration.ofSeconds(30), 0.1))
                    .retryBudget(new RetryBudget(1, 10))
                    .loadFactor(1.25)
                    .maxInFlightPerServer(3)
                    .maxInFlight(MAX_IN_FLIGHT)
                    .listener(injector.wrap(LoadBalancerListener.class, new LoadBalancerListener() {}))
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
                    CompletableFuture<Pick> queued = queue.next(balancer.call(Key.of("w" + key)));
                    futures.add(queued);
                    CompletableFuture<Void> held = queued.thenAccept(this::hold);
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

        /** Makes one call, which may fail with the injected fault alone. */
        private void attempt(Callable<?> call) {
            try {
                Object unused = call.call();
            } catch (Throwable e) {
                callerKnows = true;
                if (how != Misbehaviour.RETURNS_NULL || !(e instanceof NullPointerException)) {
                    assertThat(e)
                            .as("exception of the caller")
                            .hasStackTraceContaining("a fault that the test injected");
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

        private void assertRecovered(LoadBalancer balancer, WaitQueue queue) {
            assertThat(balancer.servers()).as("attempts in flight").hasSize(4).allMatch(s -> s.inFlight() == 0);
            assertThat(balancer.servers())
                    .as("servers that can be picked")
                    .allMatch(s -> s.health().isPickable());
            assertThat(queue.waiting()).as("calls in the queue").isZero();
            assertThat(futures).as("completed futures").allMatch(CompletableFuture::isDone);
            List<Attempt> all = new ArrayList<>();
            for (int i = 0; i < MAX_IN_FLIGHT; i++) {
                Pick pick = balancer.call(Key.of("after" + i)).next();
                assertThat(pick)
                        .as("attempt %s of %s that the cap allows", i + 1, MAX_IN_FLIGHT)
                        .isInstanceOf(Attempt.class);
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
