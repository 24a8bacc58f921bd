package io.github.lbkit.testkit.protection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.DrainResult;
import io.github.lbkit.api.Failure;
import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.InstanceListener;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.KeyHash;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.MembershipChange;
import io.github.lbkit.api.NoServer;
import io.github.lbkit.api.OperatorOverride;
import io.github.lbkit.api.Pick;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.Policy;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.WaitQueue;
import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.health.Probe;
import io.github.lbkit.api.health.ProbeResult;
import io.github.lbkit.api.health.RetryBudget;
import io.github.lbkit.api.health.WarmUp;
import io.github.lbkit.api.policy.HashPolicy;
import io.github.lbkit.testkit.FaultyCalls;
import io.github.lbkit.testkit.LogFile;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.Misbehaviour;
import io.github.lbkit.testkit.OpenSchedulers;
import io.github.lbkit.testkit.ScriptedPool;
import io.github.lbkit.testkit.TestPolicies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every call that a balancer makes to code of others goes wrong once, in every way: policy, picker, router, key hash, random
 * numbers, listeners, probes. Afterwards nothing is left of it: no place that is taken, no waiter, no timer, and the next
 * calls work.
 */
class BalancerFaultsTest {
    private static final int MOST_CALLS = 2_000;
    private static final int POOL_CAP = 5;

    @TestFactory
    Stream<DynamicTest> one_call_that_goes_wrong_leaves_nothing_behind() {
        Stream<Function<FaultyCalls, Policy>> policies = Stream.of(
                faults -> new HashPolicy(
                        "table",
                        members -> faults.around(HashRouter.class, TestPolicies.table(members)),
                        faults.around(KeyHash.class, key -> TestPolicies.hash(key.toString()))),
                faults -> faults.around(Policy.class, new Wrapped(faults)));
        return policies.flatMap(policy -> Stream.of(
                        Misbehaviour.THROWS_AN_EXCEPTION,
                        Misbehaviour.THROWS_AN_ERROR,
                        Misbehaviour.RETURNS_NULL,
                        Misbehaviour.FAILS_WITH_AN_ERROR,
                        Misbehaviour.NEVER_COMPLETES)
                .flatMap(how -> Stream.of(FaultyCalls.Moment.values())
                        .map(moment -> DynamicTest.dynamicTest(
                                policy.apply(FaultyCalls.none()).name() + " " + how + " " + moment,
                                () -> everyCall(policy, how, moment)))));
    }

    /** A policy whose pickers go wrong too. */
    private record Wrapped(FaultyCalls faults) implements Policy {
        @Override
        public String name() {
            return "wrapped";
        }

        @Override
        public Picker picker(List<Member> members) {
            return faults.around(Picker.class, TestPolicies.inOrder().picker(members));
        }
    }

    private static void everyCall(Function<FaultyCalls, Policy> policy, Misbehaviour how, FaultyCalls.Moment moment)
            throws Exception {
        int timers = new Run(policy, FaultyCalls.none(), "").run(Integer.MAX_VALUE);
        for (int number = 1; number <= MOST_CALLS; number++) {
            FaultyCalls faults = FaultyCalls.at(number, how, moment);
            try {
                new Run(policy, faults, how.name()).run(timers);
            } catch (Throwable e) {
                throw new AssertionError(
                        "call " + number + ", " + faults.strike() + ", " + how + " " + moment + ": " + e, e);
            }
            if (!faults.struck()) {
                assertThat(number).as("calls that went wrong").isGreaterThan(10);
                return;
            }
        }
        throw new AssertionError("more than " + MOST_CALLS + " calls");
    }

    /** One life of a balancer, of which at most one call goes wrong. */
    private static final class Run {
        private final ManualScheduler scheduler = new ManualScheduler();
        private final OpenSchedulers schedulers = new OpenSchedulers(scheduler.asRuntimes());
        private final ScriptedPool pool = new ScriptedPool("faults");
        private final List<Attempt> attempts = new ArrayList<>();
        private final List<CompletableFuture<?>> futures = new ArrayList<>();
        private final Function<FaultyCalls, Policy> policy;
        private final FaultyCalls faults;
        private final String how;

        /** Whether what was thrown reached the caller of the balancer, so that it need not be logged. */
        private boolean callerKnows;

        Run(Function<FaultyCalls, Policy> policy, FaultyCalls faults, String how) {
            this.how = how;
            this.policy = policy;
            this.faults = faults;
        }

        int run(int mostTimers) throws Exception {
            LogFile log = new LogFile();
            int timers = live(mostTimers);
            if (faults.struck() && how.startsWith("THROWS") && !callerKnows) {
                assertThat(log.lines()).as("one line names who threw").anyMatch(line -> line.contains(thrower())
                        || (faults.strike().startsWith("LongSupplier") && line.contains("threw at a pick of policy")));
            }
            return timers;
        }

        /** The class that the log must name: a hash policy's picker stands for its router and key hash. */
        private String thrower() {
            if (faults.strike().equals("Picker.router")) { // asked while the table is made: the policy is named
                return "the policy refuses membership";
            }
            boolean within = faults.strike().startsWith("HashRouter") || faults.strike().startsWith("KeyHash");
            return within ? "HashPolicy" : faults.thrower();
        }

        private int live(int mostTimers) throws Exception {
            LoadBalancer balancer;
            try {
                balancer = build(faults);
            } catch (Throwable e) {
                assertThat(faults.struck()).as("a balancer is built").isTrue();
                assertThat(schedulers.names()).as("schedulers of a balancer that was not built").isEmpty();
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
            assertThat(schedulers.names()).as("schedulers").isEmpty();
            assertThat(pool.listening()).isZero();
            return timers;
        }

        private LoadBalancer build(FaultyCalls around) {
            Probe probe = around.around(
                    Probe.class, (instance, timeout) -> CompletableFuture.completedFuture(ProbeResult.PASSED));
            ReplayableRandom random = new ReplayableRandom();
            return LoadBalancer.builder(pool, policy.apply(around))
                    .runtimes(schedulers)
                    .random(around.around(LongSupplier.class, random))
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
                    return turn.thenAccept(this::hold);
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
                if (!(how.equals("RETURNS_NULL") && e instanceof NullPointerException)) {
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
            assertThat(balancer.servers()).as("pickable").allMatch(s -> s.health().isPickable());
            assertThat(queue.waiting()).as("waiters").isZero();
            assertThat(futures).as("futures").allMatch(CompletableFuture::isDone);
            List<Attempt> all = new ArrayList<>();
            for (int i = 0; i < POOL_CAP; i++) {
                Pick pick = balancer.call(Key.of("after" + i)).next();
                assertThat(pick).as("place %s of %s", i, POOL_CAP).isInstanceOf(Attempt.class);
                all.add((Attempt) pick);
            }
            assertThat(((NoServer) balancer.call(Key.of("more")).next()).reason()).isEqualTo(NoServer.Reason.POOL_BUSY);
            all.forEach(Attempt::succeeded);
            assertThat(balancer.forced()).as("attempts beyond the bounded load").isZero();
        }
    }

    private static Server server(String id, long generation) {
        return Server.ready(id, new Instance("i-" + id, Address.of("127.0.0.1", 9000), generation));
    }
}
