package io.github.lbkit.testkit.balancer;

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
import io.github.lbkit.api.Pick;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.WaitQueue;
import io.github.lbkit.api.explain.OperatorOverride;
import io.github.lbkit.api.explain.SkipReason;
import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.api.policy.RandomChoice;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.ScriptedPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WaitQueueTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualScheduler scheduler = new ManualScheduler();
    private final ScriptedPool pool = new ScriptedPool("test");
    private final List<String> seen = new ArrayList<>();
    private LoadBalancer balancer = balancer(b -> b.maxInFlightPerServer(1));
    private WaitQueue queue = new WaitQueue(balancer, new WaitQueue.Settings(3, SECOND, false));

    private LoadBalancer balancer(UnaryOperator<LoadBalancer.Builder> settings) {
        return settings.apply(LoadBalancer.builder(pool, new RandomChoice())
                        .runtimes(scheduler.asRuntimes())
                        .random(new Random(7)::nextLong)
                        .listener(new LoadBalancerListener() {
                            @Override
                            public void noServer(NoServer noServer) {
                                seen.add(noServer.reason().name());
                            }
                        }))
                .build();
    }

    private void use(UnaryOperator<LoadBalancer.Builder> settings, boolean whileNoneReady) {
        balancer.close();
        balancer = balancer(settings);
        queue = new WaitQueue(balancer, new WaitQueue.Settings(3, SECOND, whileNoneReady));
    }

    @AfterEach
    void nothing_is_left() {
        assertThat(balancer.servers()).allMatch(s -> s.inFlight() == 0);
        balancer.close();
        assertThat(queue.waiting()).isZero();
    }

    private void publish(String... ids) {
        Server[] servers = new Server[ids.length];
        for (int i = 0; i < ids.length; i++) {
            servers[i] = Server.ready(ids[i], new Instance("i-" + ids[i], Address.of("127.0.0.1", 9000), 1));
        }
        pool.publish(servers);
    }

    private CompletableFuture<Pick> next() {
        return queue.next(balancer.call(Key.none()));
    }

    private static Attempt attempt(CompletableFuture<Pick> turn) {
        assertThat(turn).isCompleted();
        assertThat(turn.join()).isInstanceOf(Attempt.class);
        return (Attempt) turn.join();
    }

    private static NoServer.Reason none(CompletableFuture<Pick> turn) {
        assertThat(turn).isCompleted();
        return ((NoServer) turn.join()).reason();
    }

    @Test
    void calls_are_served_in_order_of_arrival() {
        publish("a");
        Attempt holder = attempt(next());
        CompletableFuture<Pick> first = next();
        CompletableFuture<Pick> second = next();
        assertThat(queue.waiting()).isEqualTo(2);

        holder.succeeded();
        assertThat(second).isNotDone();
        attempt(first).failed(Failure.TIMEOUT);
        attempt(second).abandoned();

        assertThat(seen).isEmpty();
    }

    @Test
    void a_call_that_comes_later_does_not_overtake() {
        publish("a", "b");
        Attempt a = attempt(next());
        Attempt b = attempt(next());
        CompletableFuture<Pick> waits = next();
        CompletableFuture<Pick> late = next();
        waits.cancel(false);

        a.succeeded();

        assertThat(queue.waiting()).isZero();
        b.succeeded();
        attempt(late).succeeded();
    }

    @Test
    void no_more_wait_than_may() {
        publish("a");
        Attempt holder = attempt(next());
        List<CompletableFuture<Pick>> three = List.of(next(), next(), next());

        assertThat(none(next())).isEqualTo(NoServer.Reason.QUEUE_FULL);
        assertThat(seen).containsExactly("QUEUE_FULL");

        three.get(1).cancel(false);
        CompletableFuture<Pick> again = next();
        assertThat(again).isNotDone();
        holder.succeeded();
        attempt(three.get(0)).succeeded();
        attempt(three.get(2)).succeeded();
        attempt(again).succeeded();
    }

    @Test
    void no_call_waits_longer_than_its_limit() {
        publish("a");
        Attempt holder = attempt(next());
        CompletableFuture<Pick> first = next();
        scheduler.advance(SECOND.dividedBy(2));
        CompletableFuture<Pick> second = next();

        scheduler.advance(SECOND.dividedBy(2).minusNanos(1));
        assertThat(first).isNotDone();
        scheduler.advance(Duration.ofNanos(1));
        assertThat(none(first)).isEqualTo(NoServer.Reason.QUEUE_TIMEOUT);
        assertThat(second).isNotDone();
        scheduler.advance(SECOND.dividedBy(2));

        assertThat(none(second)).isEqualTo(NoServer.Reason.QUEUE_TIMEOUT);
        assertThat(seen).containsExactly("QUEUE_TIMEOUT", "QUEUE_TIMEOUT");
        holder.succeeded();
        attempt(next()).succeeded();
    }

    @Test
    void a_deadline_holds_also_when_the_one_before_it_was_cancelled() {
        publish("a");
        Attempt holder = attempt(next());
        CompletableFuture<Pick> first = next();
        scheduler.advance(SECOND.dividedBy(2));
        CompletableFuture<Pick> second = next();
        first.cancel(false);

        scheduler.advance(SECOND);

        assertThat(none(second)).isEqualTo(NoServer.Reason.QUEUE_TIMEOUT);
        holder.succeeded();
    }

    @Test
    void a_call_that_leaves_the_queue_gets_no_server() {
        publish("a");
        Attempt holder = attempt(next());
        CompletableFuture<Pick> leaves = next();

        leaves.cancel(false);
        holder.succeeded();

        assertThat(leaves).isCancelled();
        attempt(next()).succeeded();
    }

    @Test
    void a_server_assigned_to_a_completed_future_is_returned() {
        publish("a");
        Attempt holder = attempt(next());
        CompletableFuture<Pick> oneself = next();
        CompletableFuture<Pick> behind = next();
        oneself.complete(new NoServer(NoServer.Reason.ALL_BUSY, SECOND));

        holder.succeeded();

        attempt(behind).succeeded();
    }

    @Test
    void a_server_that_joins_serves_those_that_wait() {
        publish("a");
        Attempt holder = attempt(next());
        CompletableFuture<Pick> waits = next();

        publish("a", "b");

        assertThat(attempt(waits).server().id()).isEqualTo("b");
        attempt(waits).succeeded();
        holder.succeeded();
    }

    @Test
    void a_cleared_operator_override_serves_waiting_calls() {
        publish("a", "b");
        balancer.override("b", OperatorOverride.DRAIN);
        Attempt holder = attempt(next());
        CompletableFuture<Pick> waits = next();

        balancer.override("b", OperatorOverride.NONE);

        attempt(waits).succeeded();
        holder.succeeded();
    }

    @Test
    void an_outcome_that_does_not_depend_on_load_is_returned_at_once() {
        assertThat(none(next())).isEqualTo(NoServer.Reason.POOL_UNKNOWN);
        publish();
        assertThat(none(next())).isEqualTo(NoServer.Reason.POOL_EMPTY);
        pool.publish(Server.starting("a"));
        assertThat(none(next())).isEqualTo(NoServer.Reason.NONE_READY);
        assertThat(seen).containsExactly("POOL_UNKNOWN", "POOL_EMPTY", "NONE_READY");
    }

    @Test
    void on_request_calls_wait_until_a_server_is_ready() {
        use(b -> b, true);
        CompletableFuture<Pick> early = next();
        pool.publish(Server.starting("a"));
        CompletableFuture<Pick> later = next();
        assertThat(queue.waiting()).isEqualTo(2);

        publish("a");

        attempt(early).succeeded();
        attempt(later).succeeded();
    }

    @Test
    void the_end_of_an_ejection_is_waited_for() {
        Ejection one = Ejection.builder()
                .consecutiveFailures(1)
                .failureRatio(1)
                .minVolume(1)
                .window(SECOND)
                .base(Duration.ofMillis(300))
                .cap(SECOND)
                .maxShare(1)
                .build();
        use(b -> b.ejection(one).failOpenThreshold(0).maxInFlightPerServer(1), true);
        publish("a", "b");
        attempt(next()).failed(Failure.STATUS);
        Attempt busy = attempt(next());
        CompletableFuture<Pick> waits = next();
        assertThat(waits).isNotDone();

        scheduler.advance(Duration.ofMillis(300));

        attempt(waits).succeeded();
        busy.succeeded();
    }

    @Test
    void the_pools_cap_is_waited_for_too() {
        use(b -> b.maxInFlight(2), false);
        publish("a", "b", "c");
        Attempt one = attempt(next());
        Attempt two = attempt(next());
        CompletableFuture<Pick> waits = next();
        assertThat(waits).isNotDone();
        assertThat(balancer.call(Key.none()).next()).isEqualTo(new NoServer(NoServer.Reason.POOL_BUSY, SECOND));
        assertThat(balancer.explain(Key.none()).candidates())
                .allMatch(c -> c.skipped().orElseThrow() == SkipReason.POOL_AT_CAPACITY);

        one.succeeded();

        attempt(waits).succeeded();
        two.succeeded();
    }

    @Test
    void a_call_that_has_tried_what_is_free_lets_others_pass_and_keeps_its_place() {
        publish("a", "b");
        Call retrying = balancer.call(Key.none());
        Attempt first = (Attempt) retrying.next();
        Attempt other = attempt(next());
        first.failed(Failure.CONNECT);
        CompletableFuture<Pick> retry = queue.next(retrying);
        assertThat(retry).isNotDone();

        CompletableFuture<Pick> behind = next();

        assertThat(attempt(behind).server()).isEqualTo(first.server());
        assertThat(retry).isNotDone();
        other.succeeded();
        assertThat(attempt(retry).server()).isEqualTo(other.server());
        attempt(retry).succeeded();
        attempt(behind).succeeded();
    }

    @Test
    void closing_the_queue_or_the_balancer_ends_every_wait() {
        publish("a");
        Attempt holder = attempt(next());
        CompletableFuture<Pick> waits = next();
        queue.close();
        assertThat(none(waits)).isEqualTo(NoServer.Reason.CLOSED);
        assertThat(none(next())).isEqualTo(NoServer.Reason.CLOSED);

        queue = new WaitQueue(balancer, new WaitQueue.Settings(3, SECOND, false));
        CompletableFuture<Pick> again = next();
        balancer.close();
        assertThat(none(again)).isEqualTo(NoServer.Reason.CLOSED);
        holder.succeeded();
    }

    @Test
    void a_stage_of_a_granted_call_may_end_it_and_queue_again() {
        publish("a");
        Attempt holder = attempt(next());
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            serveThree(i, order);
        }

        holder.succeeded();

        assertThat(order).containsExactly(0, 1, 2, 10, 11, 12, 20, 21, 22);
    }

    private void serveThree(int number, List<Integer> order) {
        var unused = next().thenAccept(pick -> {
            order.add(number);
            ((Attempt) pick).succeeded();
            if (number < 20) {
                serveThree(number + 10, order);
            }
        });
    }

    @Test
    void a_balancer_has_one_queue_and_a_queue_takes_its_calls_alone() {
        publish("a");
        WaitQueue.Settings settings = new WaitQueue.Settings(1, SECOND, false);
        assertThatThrownBy(() -> new WaitQueue(balancer, settings))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("already");
        try (LoadBalancer other = balancer(b -> b)) {
            assertThatThrownBy(() -> queue.next(other.call(Key.none()))).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new WaitQueue.Settings(0, SECOND, false)).hasMessageContaining("maxWaiting 0");
        assertThatThrownBy(() -> new WaitQueue.Settings(1, Duration.ZERO, false))
                .hasMessageContaining("maxWait");
    }
}
