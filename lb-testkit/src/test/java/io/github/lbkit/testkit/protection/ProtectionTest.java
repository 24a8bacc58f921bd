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
import io.github.lbkit.api.NoServer;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.ServerHealth;
import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.api.health.RetryBudget;
import io.github.lbkit.api.health.WarmUp;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.ScriptedPool;
import io.github.lbkit.testkit.fixture.InOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProtectionTest {
    private static final Ejection THREE_IN_A_ROW = Ejection.builder()
            .consecutiveFailures(3)
            .minVolume(10)
            .cap(Duration.ofSeconds(20))
            .build();

    private final ManualScheduler scheduler = new ManualScheduler();
    private final ScriptedPool pool = new ScriptedPool("test");
    private final List<String> seen = new ArrayList<>();
    private final List<LoadBalancer> open = new ArrayList<>();

    private LoadBalancer.Builder builder() {
        SplittableRandom random = new SplittableRandom(17);
        return LoadBalancer.builder(pool, new InOrder())
                .runtimes(scheduler.asRuntimes())
                .random(random::nextLong)
                .listener(new LoadBalancerListener() {
                    @Override
                    public void ejected(Server server, Duration time) {
                        seen.add(server.id() + " out for " + time.toSeconds());
                    }

                    @Override
                    public void returned(Server server) {
                        seen.add(server.id() + " back");
                    }

                    @Override
                    public void instanceLost(Server server, Instance instance) {
                        seen.add(server.id() + " lost");
                    }
                });
    }

    private LoadBalancer balancer(LoadBalancer.Builder builder) {
        LoadBalancer balancer = builder.build();
        open.add(balancer);
        return balancer;
    }

    @AfterEach
    void nothing_is_left_in_flight() {
        assertThat(open).allMatch(b -> b.servers().stream().allMatch(s -> s.inFlight() == 0));
        open.forEach(LoadBalancer::close);
    }

    private void publish(String... ids) {
        Server[] servers = new Server[ids.length];
        for (int i = 0; i < ids.length; i++) {
            servers[i] = server(ids[i]);
        }
        pool.publish(servers);
    }

    private static Server server(String id) {
        return Server.ready(id, new Instance("i-" + id, Address.of("127.0.0.1", 9000), 1));
    }

    /** Does something that callers of the balancer do. */
    void asACaller(Runnable something) {
        something.run();
    }

    private Attempt attempt(LoadBalancer balancer) {
        List<Attempt> made = new ArrayList<>();
        asACaller(() -> made.add((Attempt) balancer.call(Key.none()).next()));
        return made.get(0);
    }

    private String failOn(LoadBalancer balancer) {
        Attempt attempt = attempt(balancer);
        asACaller(() -> attempt.failed(Failure.STATUS));
        return attempt.server().id();
    }

    private String succeedOn(LoadBalancer balancer) {
        Attempt attempt = attempt(balancer);
        asACaller(attempt::succeeded);
        return attempt.server().id();
    }

    @Test
    void failures_in_a_row_eject_and_one_good_trial_brings_back() {
        publish("a", "b", "c");
        LoadBalancer balancer = balancer(builder().ejection(THREE_IN_A_ROW));

        assertThat(List.of(failOn(balancer), failOn(balancer), failOn(balancer)))
                .containsOnly("a");
        assertThat(succeedOn(balancer)).isEqualTo("b");
        scheduler.advance(Duration.ofSeconds(5));
        Attempt trial = attempt(balancer);
        Attempt beside = attempt(balancer);

        assertThat(trial.server().id()).isEqualTo("a");
        assertThat(beside.server().id()).as("only one at a time is let through").isEqualTo("b");
        beside.succeeded();
        trial.succeeded();
        assertThat(succeedOn(balancer)).isEqualTo("a");
        assertThat(seen).containsExactly("a out for 5", "a lost", "a back");
    }

    @Test
    void an_operator_ends_an_ejection_before_its_time_and_what_was_seen_before_does_not_count() {
        publish("a", "b", "c");
        LoadBalancer balancer = balancer(builder().ejection(THREE_IN_A_ROW));
        Attempt old = attempt(balancer);
        failOn(balancer);
        failOn(balancer);
        failOn(balancer);
        assertThat(balancer.servers().get(0).health().ejectedFor()).isEqualTo(Duration.ofSeconds(5));

        scheduler.advance(Duration.ofSeconds(1));
        assertThat(balancer.endEjection("a")).isTrue();

        assertThat(balancer.servers().get(0).health()).isEqualTo(ServerHealth.GOOD);
        assertThat(seen).containsExactly("a out for 5", "a lost", "a back");
        old.failed(Failure.STATUS);
        assertThat(List.of(failOn(balancer), failOn(balancer), succeedOn(balancer)))
                .as("two failures are not three")
                .containsOnly("a");
        assertThat(balancer.endEjection("a")).as("it is not ejected any more").isFalse();
        assertThat(seen).hasSize(3);
        scheduler.advance(Duration.ofSeconds(10));
        assertThat(succeedOn(balancer))
                .as("the ejection's own end changes nothing")
                .isEqualTo("a");
    }

    @Test
    void the_ejection_after_one_that_an_operator_ended_is_longer() {
        publish("a", "b");
        LoadBalancer balancer = balancer(builder().ejection(THREE_IN_A_ROW));
        for (int seconds : new int[] {5, 10, 15}) {
            failOn(balancer);
            failOn(balancer);
            failOn(balancer);
            assertThat(seen).contains("a out for " + seconds);
            assertThat(balancer.endEjection("a")).isTrue();
        }
    }

    @Test
    void an_operator_ends_a_trial_and_its_late_failure_ejects_no_server() {
        publish("a", "b");
        LoadBalancer balancer = balancer(builder().ejection(THREE_IN_A_ROW));
        failOn(balancer);
        failOn(balancer);
        failOn(balancer);
        scheduler.advance(Duration.ofSeconds(5));
        Attempt trial = attempt(balancer);
        assertThat(trial.server().id()).isEqualTo("a");

        assertThat(balancer.endEjection("a")).isTrue();

        scheduler.advance(Duration.ofMillis(1));
        trial.failed(Failure.STATUS);
        assertThat(succeedOn(balancer)).isEqualTo("a");
        assertThat(seen).containsExactly("a out for 5", "a lost", "a back");
    }

    @Test
    void only_a_servers_ejection_can_be_ended() {
        publish("a", "b");
        assertThat(balancer(builder().ejection(THREE_IN_A_ROW)).endEjection("a"))
                .isFalse();
        assertThat(balancer(builder()).endEjection("a")).isFalse();
        assertThatThrownBy(() -> balancer(builder()).endEjection("x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'x'")
                .hasMessageContaining("[a, b]");
    }

    @Test
    void each_failed_trial_makes_the_ejection_longer_up_to_the_cap() {
        publish("a", "b");
        LoadBalancer balancer = balancer(builder().ejection(THREE_IN_A_ROW));
        failOn(balancer);
        failOn(balancer);
        failOn(balancer);

        for (int seconds : new int[] {5, 10, 15, 20, 20}) {
            scheduler.advance(Duration.ofSeconds(seconds).minusNanos(1));
            assertThat(succeedOn(balancer)).isEqualTo("b");
            scheduler.advance(Duration.ofNanos(1));
            assertThat(failOn(balancer)).isEqualTo("a");
        }

        assertThat(seen.stream().filter(s -> s.contains("out")))
                .containsExactly(
                        "a out for 5", "a out for 10", "a out for 15", "a out for 20", "a out for 20", "a out for 20");
    }

    @Test
    void a_trial_that_is_given_up_leaves_room_for_the_next() {
        publish("a", "b");
        LoadBalancer balancer = balancer(builder().ejection(THREE_IN_A_ROW));
        failOn(balancer);
        failOn(balancer);
        failOn(balancer);
        scheduler.advance(Duration.ofSeconds(5));

        attempt(balancer).abandoned();

        assertThat(succeedOn(balancer)).isEqualTo("a");
        assertThat(seen).contains("a back");
    }

    @Test
    void a_share_of_failures_ejects_once_there_are_enough() {
        publish("a", "b", "c");
        LoadBalancer balancer = balancer(builder().ejection(THREE_IN_A_ROW));

        for (int i = 0; i < 4; i++) {
            failOn(balancer);
            succeedOn(balancer);
        }
        failOn(balancer);
        assertThat(seen).isEmpty();
        failOn(balancer);

        assertThat(seen).contains("a out for 5");
    }

    @Test
    void failures_that_are_older_than_the_window_do_not_count() {
        publish("a", "b", "c");
        LoadBalancer balancer = balancer(builder().ejection(THREE_IN_A_ROW));
        for (int i = 0; i < 40; i++) {
            failOn(balancer);
            succeedOn(balancer);
            scheduler.advance(Duration.ofSeconds(2));
        }

        assertThat(seen).isEmpty();
    }

    @Test
    void cancelled_attempts_never_count() {
        publish("a", "b");
        LoadBalancer balancer = balancer(builder().ejection(THREE_IN_A_ROW));

        for (int i = 0; i < 50; i++) {
            attempt(balancer).abandoned();
        }

        assertThat(seen).isEmpty();
        assertThat(succeedOn(balancer)).isEqualTo("a");
    }

    @Test
    void overload_never_ejects_and_a_trial_that_meets_it_leaves_room_for_the_next() {
        publish("a", "b");
        LoadBalancer balancer = balancer(builder().ejection(THREE_IN_A_ROW));
        for (int i = 0; i < 50; i++) {
            attempt(balancer).failed(Failure.OVERLOADED);
        }
        assertThat(seen).isEmpty();

        failOn(balancer);
        failOn(balancer);
        failOn(balancer);
        scheduler.advance(Duration.ofSeconds(5));
        Attempt trial = attempt(balancer);
        trial.failed(Failure.OVERLOADED);

        assertThat(trial.server().id()).isEqualTo("a");
        assertThat(succeedOn(balancer)).isEqualTo("a");
        assertThat(seen).containsExactly("a out for 5", "a lost", "a back");
    }

    @Test
    void no_more_than_the_greatest_share_is_out_at_once() {
        publish("a", "b", "c");
        LoadBalancer balancer = balancer(builder().ejection(THREE_IN_A_ROW));

        for (int i = 0; i < 30; i++) {
            failOn(balancer);
        }

        assertThat(seen.stream().filter(s -> s.contains("out"))).containsExactly("a out for 5");
        assertThat(succeedOn(balancer)).isEqualTo("b");
    }

    @Test
    void health_is_ignored_when_too_few_remain() {
        publish("a", "b", "c");
        Ejection all = Ejection.builder()
                .consecutiveFailures(1)
                .failureRatio(1)
                .minVolume(1)
                .cap(Duration.ofSeconds(5))
                .maxShare(1)
                .build();
        LoadBalancer balancer = balancer(builder().ejection(all).failOpenThreshold(0.5));

        assertThat(failOn(balancer)).isEqualTo("a");
        assertThat(failOn(balancer)).isEqualTo("b");

        assertThat(succeedOn(balancer)).as("one of three is below a half").isEqualTo("a");
        scheduler.advance(Duration.ofSeconds(5));
        assertThat(succeedOn(balancer)).isEqualTo("a");
    }

    @Test
    void a_replacement_does_not_inherit_an_ejection() {
        publish("a", "b");
        LoadBalancer balancer = balancer(builder().ejection(THREE_IN_A_ROW));
        failOn(balancer);
        failOn(balancer);
        failOn(balancer);
        assertThat(succeedOn(balancer)).isEqualTo("b");

        pool.publish(Server.ready("a", new Instance("new", Address.of("127.0.0.1", 9001), 2)), server("b"));

        assertThat(succeedOn(balancer)).isEqualTo("a");
    }

    @Test
    void a_server_far_slower_than_the_median_is_ejected() {
        publish("a", "b", "c");
        Ejection slow = Ejection.builder()
                .consecutiveFailures(100)
                .failureRatio(1)
                .minVolume(10)
                .latencyFactor(3)
                .cap(Duration.ofSeconds(5))
                .build();
        LoadBalancer balancer = balancer(builder().ejection(slow).maxInFlightPerServer(1));
        for (int i = 0; i < 10; i++) {
            Attempt a = attempt(balancer);
            Attempt b = attempt(balancer);
            Attempt c = attempt(balancer);
            scheduler.advance(Duration.ofMillis(2));
            b.responded();
            c.responded();
            scheduler.advance(Duration.ofMillis(20));
            a.responded();
            a.succeeded();
            b.succeeded();
            c.succeeded();
        }

        scheduler.advance(Duration.ofSeconds(1));

        assertThat(seen).containsExactly("a out for 5", "a lost");
    }

    @Test
    void a_server_that_joins_takes_more_and_more_and_those_of_the_beginning_are_warm() {
        publish("b");
        LoadBalancer balancer = balancer(builder().warmUp(new WarmUp(Duration.ofSeconds(10), 0.1)));
        assertThat(succeedOn(balancer)).isEqualTo("b");

        publish("a", "b");
        int atFirst = picksOfA(balancer);
        scheduler.advance(Duration.ofSeconds(5));
        int halfway = picksOfA(balancer);
        scheduler.advance(Duration.ofSeconds(5));

        assertThat(atFirst).isBetween(60, 140); // 100 of 1000 by the draw, whose seed is fixed
        assertThat(halfway).isBetween(480, 620); // 550 of 1000
        assertThat(picksOfA(balancer)).isEqualTo(1_000);
    }

    private int picksOfA(LoadBalancer balancer) {
        int picks = 0;
        for (int i = 0; i < 1_000; i++) {
            picks += succeedOn(balancer).equals("a") ? 1 : 0;
        }
        return picks;
    }

    @Test
    void a_request_that_finds_only_servers_that_warm_up_gets_one_of_them() {
        publish();
        LoadBalancer balancer = balancer(builder().warmUp(new WarmUp(Duration.ofSeconds(10), 0.001)));
        publish("a", "b");

        for (int i = 0; i < 100; i++) {
            assertThat(succeedOn(balancer)).isIn("a", "b");
        }
    }

    @Test
    void retries_are_bounded_over_all_calls_but_the_first_after_a_lost_server_is_free() {
        publish("a", "b", "c", "d");
        RetryBudget budget = new RetryBudget(0, 0.2);
        LoadBalancer balancer = balancer(builder().retryBudget(budget));
        assertThat(budget.left()).isEqualTo(2);

        Call call = balancer.call(Key.none());
        fail(call, Failure.CONNECT);
        fail(call, Failure.CONNECT);
        assertThat(budget.left()).isEqualTo(2);
        fail(call, Failure.CONNECT);
        fail(call, Failure.CONNECT);
        assertThat(budget.left()).isZero();

        Call late = balancer.call(Key.none());
        fail(late, Failure.TIMEOUT);
        assertThat(((NoServer) late.next()).reason()).isEqualTo(NoServer.Reason.RETRY_BUDGET_EMPTY);
        scheduler.advance(Duration.ofSeconds(5));
        fail(late, Failure.TIMEOUT);
    }

    private static void fail(Call call, Failure failure) {
        ((Attempt) call.next()).failed(failure);
    }

    @Test
    void a_share_of_requests_pays_for_retries() {
        RetryBudget budget = new RetryBudget(0.2, 0);

        for (int i = 0; i < 10; i++) {
            budget.request();
        }

        assertThat(budget.tryRetry(0)).isTrue();
        assertThat(budget.tryRetry(0)).isTrue();
        assertThat(budget.tryRetry(0)).isFalse();
    }
}
