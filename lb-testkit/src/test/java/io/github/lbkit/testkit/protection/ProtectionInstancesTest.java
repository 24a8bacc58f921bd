package io.github.lbkit.testkit.protection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Call;
import io.github.lbkit.api.Failure;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.NoServer;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.Policy;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.EjectionReason;
import io.github.lbkit.api.explain.Explanation;
import io.github.lbkit.api.explain.OperatorOverride;
import io.github.lbkit.api.explain.SkipReason;
import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.health.ProbeResult;
import io.github.lbkit.api.health.WarmUp;
import io.github.lbkit.api.policy.LeastRequests;
import io.github.lbkit.api.policy.RandomChoice;
import io.github.lbkit.api.policy.RoundRobin;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.ScriptedPool;
import io.github.lbkit.testkit.fixture.InOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Local faults that once became lasting outages, each as it was found. */
class ProtectionInstancesTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualScheduler scheduler = new ManualScheduler();
    private final ScriptedPool pool = new ScriptedPool("test");
    private final List<String> told = new ArrayList<>();
    private final List<LoadBalancer> open = new ArrayList<>();

    private LoadBalancer.Builder builder(Policy policy) {
        SplittableRandom random = new SplittableRandom(5);
        return LoadBalancer.builder(pool, policy)
                .runtimes(scheduler.asRuntimes())
                .random(random::nextLong)
                .listener(new LoadBalancerListener() {
                    @Override
                    public void ejected(Server server, Duration time, EjectionReason reason) {
                        told.add(server.id() + " ejected");
                    }

                    @Override
                    public void returned(Server server) {
                        told.add(server.id() + " returned");
                    }
                });
    }

    private LoadBalancer built(LoadBalancer.Builder builder) {
        LoadBalancer balancer = builder.build();
        open.add(balancer);
        return balancer;
    }

    @AfterEach
    void nothing_is_left_in_flight() {
        assertThat(open).allMatch(b -> b.servers().stream().allMatch(s -> s.inFlight() == 0));
        open.forEach(LoadBalancer::close);
    }

    private static Ejection ejection(double maxShare, OptionalDouble latencyFactor) {
        Ejection.Builder builder = Ejection.builder()
                .consecutiveFailures(3)
                .failureRatio(1)
                .minVolume(10)
                .maxShare(maxShare);
        latencyFactor.ifPresent(builder::latencyFactor);
        return builder.build();
    }

    private static Ejection ejection(double maxShare) {
        return ejection(maxShare, OptionalDouble.empty());
    }

    private static Server server(String id) {
        return Server.ready(id, new Instance("i-" + id, Address.of("127.0.0.1", 9000), 1));
    }

    private void publish(String... ids) {
        pool.publish(List.of(ids).stream().map(ProtectionInstancesTest::server).toArray(Server[]::new));
    }

    private static Attempt attempt(LoadBalancer balancer) {
        return (Attempt) balancer.call(Key.none()).next();
    }

    /** Fails every attempt on these servers until each has failed so often; the others succeed. */
    private static void fail(LoadBalancer balancer, Set<String> ids, int times) {
        for (int i = 0; i < times * 20; i++) {
            Attempt attempt = attempt(balancer);
            if (ids.contains(attempt.server().id())) {
                attempt.failed(Failure.STATUS);
            } else {
                attempt.succeeded();
            }
        }
    }

    private static Set<String> served(LoadBalancer balancer) {
        Set<String> ids = new TreeSet<>();
        for (int i = 0; i < 100; i++) {
            Attempt attempt = attempt(balancer);
            ids.add(attempt.server().id());
            attempt.succeeded();
        }
        return ids;
    }

    @Test
    void an_ejected_server_has_its_trial_under_fail_open_and_ends_it() {
        publish("a", "b", "c", "d");
        LoadBalancer balancer = built(builder(new RoundRobin(() -> 0)).ejection(ejection(0.5)));
        fail(balancer, Set.of("a", "b"), 3);
        assertThat(told).containsExactlyInAnyOrder("a ejected", "b ejected");

        publish("a", "b", "c");
        scheduler.advance(Duration.ofSeconds(5));
        served(balancer);

        assertThat(told).contains("a returned", "b returned");
        fail(balancer, Set.of("c"), 3);
        assertThat(told).as("there is room for another ejection").contains("c ejected");
    }

    @Test
    void an_ejected_server_of_several_that_are_ignored_comes_back() {
        publish("a", "b", "c");
        LoadBalancer balancer =
                built(builder(new RoundRobin(() -> 0)).ejection(ejection(0.67)).failOpenThreshold(0.5));
        fail(balancer, Set.of("a", "b"), 3);
        assertThat(told).hasSize(2);
        assertThat(served(balancer)).as("fail-open").contains("a", "b");

        scheduler.advance(Duration.ofSeconds(5));
        served(balancer);

        assertThat(told).contains("a returned", "b returned");
    }

    @Test
    void servers_that_the_operator_holds_back_are_no_spare_capacity() {
        String[] ids = IntStream.range(0, 10).mapToObj(i -> "s" + i).toArray(String[]::new);
        publish(ids);
        LoadBalancer balancer =
                built(builder(new RoundRobin(() -> 0)).ejection(ejection(0.5)).failOpenThreshold(0));
        for (int i = 0; i < 6; i++) {
            balancer.override("s" + i, OperatorOverride.DRAIN);
        }

        fail(balancer, Set.of("s6", "s7", "s8", "s9"), 20);

        assertThat(told.stream().filter(t -> t.endsWith("ejected")).distinct()).hasSize(2);
        assertThat(served(balancer)).hasSize(2);
    }

    @Test
    void servers_of_weight_0_are_no_spare_capacity() {
        pool.publish(
                server("a").withWeight(0),
                server("b").withWeight(0),
                server("c").withWeight(0),
                server("d"),
                server("e"));
        LoadBalancer balancer =
                built(builder(new RoundRobin(() -> 0)).ejection(ejection(0.5)).failOpenThreshold(0));

        fail(balancer, Set.of("d", "e"), 20);

        assertThat(told.stream().filter(t -> t.endsWith("ejected")).distinct()).hasSize(1);
    }

    @Test
    void the_last_server_is_never_ejected() {
        publish("a");
        LoadBalancer balancer =
                built(builder(new RoundRobin(() -> 0)).ejection(ejection(1)).failOpenThreshold(0));

        fail(balancer, Set.of("a"), 20);

        assertThat(served(balancer)).containsExactly("a");
    }

    @Test
    void an_unhealthy_instance_that_leaves_in_use_and_returns_begins_as_its_new_check_sees_it() {
        Set<String> failing = new TreeSet<>(Set.of("i-a"));
        LoadBalancer balancer = built(builder(new InOrder())
                .healthChecks(HealthChecks.builder((instance, timeout) -> CompletableFuture.completedFuture(
                                failing.contains(instance.name()) ? ProbeResult.failed("no") : ProbeResult.PASSED))
                        .jitter(0)
                        .build()));
        publish("a", "b", "c");
        Attempt inFlight = attempt(balancer);
        assertThat(inFlight.server().id()).isEqualTo("a");
        scheduler.advance(Duration.ofSeconds(10));
        assertThat(served(balancer)).containsExactly("b");

        publish("b", "c");
        failing.clear();
        publish("a", "b", "c");
        scheduler.advance(Duration.ofSeconds(10));

        assertThat(served(balancer)).containsExactly("a");
        inFlight.failed(Failure.TIMEOUT);
    }

    @Test
    void attempts_in_flight_on_a_returning_instance_count_against_its_cap() {
        LoadBalancer balancer = built(builder(new InOrder()).maxInFlightPerServer(1));
        publish("a", "b");
        Attempt earlier = attempt(balancer);
        publish("b");

        publish("a", "b");

        Attempt later = attempt(balancer);
        assertThat(later.server().id()).isEqualTo("b");
        earlier.succeeded();
        assertThat(served(balancer)).containsExactly("a");
        later.succeeded();
    }

    @Test
    void a_late_verdict_does_not_apply_to_a_server_that_has_joined_again() {
        List<CompletableFuture<ProbeResult>> asked = new ArrayList<>();
        LoadBalancer balancer = built(builder(new InOrder())
                .failOpenThreshold(0)
                .healthChecks(HealthChecks.builder((instance, timeout) -> {
                            CompletableFuture<ProbeResult> answer = new CompletableFuture<>();
                            asked.add(answer);
                            return answer;
                        })
                        .timeout(Duration.ofSeconds(20))
                        .fall(1)
                        .build()));
        publish("a");
        scheduler.advance(Duration.ofSeconds(5));

        asked.get(0).complete(ProbeResult.failed("no")); // heard only when the scheduler runs
        publish();
        publish("a");
        scheduler.runDue();

        assertThat(served(balancer)).containsExactly("a");
    }

    @Test
    void a_picker_that_throws_takes_no_place() {
        publish("a", "b");
        AtomicBoolean throwing = new AtomicBoolean(true);
        Policy inOrder = new InOrder();
        LoadBalancer balancer = built(builder(new Policy() {
                    @Override
                    public String name() {
                        return "throwing";
                    }

                    @Override
                    public Picker picker(List<Member> members) {
                        Picker picker = inOrder.picker(members);
                        return (key, cursor, load) -> {
                            if (throwing.get()) {
                                throw new IllegalStateException("on purpose");
                            }
                            return picker.next(key, cursor, load);
                        };
                    }
                })
                .maxInFlight(10)
                .loadFactor(1));
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(() -> attempt(balancer)).hasMessage("on purpose");
        }
        throwing.set(false);

        List<Attempt> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(attempt(balancer));
        }

        assertThat(all.stream().filter(a -> a.server().id().equals("a")))
                .as("the bound still holds")
                .hasSize(5);
        all.forEach(Attempt::succeeded);
    }

    @Test
    void a_server_that_was_slow_is_not_ejected_again_for_what_threads_remember_of_then() throws Exception {
        publish("a", "b", "c", "d");
        LoadBalancer balancer = built(builder(new RoundRobin(() -> 0))
                .ejection(ejection(0.5, OptionalDouble.of(3)))
                .loadCounters(8));
        List<ExecutorService> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            threads.add(Executors.newSingleThreadExecutor());
        }
        for (int i = 0; i < 80; i++) {
            request(balancer, threads.get(i % 8), true);
        }
        scheduler.advance(SECOND);
        assertThat(told).containsOnly("a ejected");

        for (int second = 0; second < 120; second++) {
            scheduler.advance(SECOND);
            for (int i = 0; i < 5; i++) {
                request(balancer, threads.get(second % 8), false);
            }
        }

        assertThat(told).containsExactly("a ejected", "a returned");
        threads.forEach(ExecutorService::shutdown);
    }

    private void request(LoadBalancer balancer, ExecutorService thread, boolean slow) throws Exception {
        for (int i = 0; i < 4; i++) {
            thread.submit(() -> {
                        Attempt attempt = attempt(balancer);
                        scheduler.advance(
                                Duration.ofMillis(slow && attempt.server().id().equals("a") ? 40 : 1));
                        attempt.responded();
                        attempt.succeeded();
                    })
                    .get();
        }
    }

    @Test
    void the_first_byte_of_a_trial_decides() {
        publish("a", "b", "c");
        LoadBalancer balancer = built(builder(new InOrder()).ejection(ejection(0.5)));
        fail(balancer, Set.of("a"), 3);
        scheduler.advance(Duration.ofSeconds(5));
        Attempt stream = attempt(balancer);
        assertThat(stream.server().id()).isEqualTo("a");
        assertThat(served(balancer)).containsExactly("b");

        stream.responded();

        assertThat(served(balancer)).containsExactly("a");
        stream.succeeded();
    }

    @Test
    void a_trial_that_answers_and_fails_ejects_again() {
        publish("a", "b", "c");
        LoadBalancer balancer = built(builder(new InOrder()).ejection(ejection(0.5)));
        fail(balancer, Set.of("a"), 3);
        scheduler.advance(Duration.ofSeconds(5));
        Attempt trial = attempt(balancer);

        trial.responded();
        trial.failed(Failure.STATUS);

        assertThat(served(balancer)).containsExactly("b");
    }

    @Test
    void a_trial_that_hangs_gives_way_to_another() {
        publish("a", "b", "c");
        LoadBalancer balancer = built(builder(new InOrder()).ejection(ejection(0.5)));
        fail(balancer, Set.of("a"), 3);
        scheduler.advance(Duration.ofSeconds(5));
        Attempt hangs = attempt(balancer);
        assertThat(hangs.server().id()).isEqualTo("a");

        scheduler.advance(Duration.ofSeconds(5));

        assertThat(served(balancer)).containsExactly("a");
        hangs.failed(Failure.TIMEOUT);
        assertThat(served(balancer)).as("its failure is an old one").containsExactly("a");
    }

    @Test
    void attempts_that_began_before_a_return_say_nothing_after_it() {
        publish("a", "b", "c");
        LoadBalancer balancer = built(builder(new InOrder()).ejection(ejection(0.5)));
        List<Attempt> hanging = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            hanging.add(attempt(balancer));
        }
        fail(balancer, Set.of("a"), 3);
        scheduler.advance(Duration.ofSeconds(5));
        assertThat(served(balancer)).containsExactly("a");

        hanging.forEach(late -> late.failed(Failure.TIMEOUT));

        assertThat(served(balancer)).containsExactly("a");
    }

    @Test
    void bounded_load_leaves_a_warming_server_its_share() {
        publish("a", "b", "c", "d");
        LoadBalancer balancer = built(builder(new RandomChoice())
                .warmUp(new WarmUp(Duration.ofSeconds(100), 0.01))
                .loadFactor(1.05));
        publish("a", "b", "c", "d", "e");
        List<Attempt> held = new ArrayList<>();

        for (int i = 0; i < 400; i++) {
            held.add(attempt(balancer));
        }

        long onE = held.stream().filter(a -> a.server().id().equals("e")).count();
        assertThat(onE).as("of 400, at a share of 1 %").isLessThanOrEqualTo(4);
        assertThat(balancer.forced()).as("the others have room for the rest").isZero();
        held.forEach(Attempt::succeeded);
    }

    @Test
    void explain_knows_bounded_load_and_the_pools_cap() {
        publish("a", "b");
        LoadBalancer balancer = built(builder(new InOrder()).loadFactor(1).maxInFlight(3));
        Attempt one = attempt(balancer);

        Explanation next = balancer.explain(Key.none());

        assertThat(next.chosen()).contains("b");
        assertThat(next.candidates().get(0).skipped()).contains(SkipReason.OVERLOADED);
        Attempt two = attempt(balancer);
        Attempt three = attempt(balancer);
        assertThat(two.server().id()).isEqualTo("b");
        assertThat(balancer.explain(Key.none()).chosen()).isEmpty();
        assertThat(balancer.explain(Key.none()).candidates().get(1).skipped()).contains(SkipReason.POOL_AT_CAPACITY);
        List.of(one, two, three).forEach(Attempt::succeeded);
    }

    @Test
    void explain_foretells_policies_that_do_not_route_by_key_and_changes_nothing() {
        publish("a", "b", "c");
        ReplayableRandom random = new ReplayableRandom();
        for (Policy policy : List.of(new RoundRobin(() -> 1), new RandomChoice(), new LeastRequests())) {
            LoadBalancer balancer = built(builder(policy).random(random));
            for (int i = 0; i < 50; i++) {
                long mark = random.mark();
                String foretold = balancer.explain(Key.none()).chosen().orElseThrow();
                random.backTo(mark);

                Attempt attempt = attempt(balancer);

                assertThat(attempt.server().id()).isEqualTo(foretold);
                attempt.succeeded();
            }
        }
    }

    @Test
    void a_policy_that_refuses_the_first_membership_is_not_an_empty_pool() {
        publish("a", "b");
        LoadBalancer balancer = built(builder(new Policy() {
            @Override
            public String name() {
                return "refusing";
            }

            @Override
            public Picker picker(List<Member> members) {
                throw new IllegalArgumentException("no room");
            }
        }));

        Call call = balancer.call(Key.none());

        assertThat(((NoServer) call.next()).reason()).isEqualTo(NoServer.Reason.MEMBERSHIP_REFUSED);
    }
}
