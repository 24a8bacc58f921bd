package io.github.lbkit.testkit.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Call;
import io.github.lbkit.api.DrainResult;
import io.github.lbkit.api.Failure;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.InstanceListener;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.NoServer;
import io.github.lbkit.api.Pick;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.OperatorOverride;
import io.github.lbkit.api.explain.ServerStatus;
import io.github.lbkit.api.explain.SkipReason;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.ScriptedPool;
import io.github.lbkit.testkit.fixture.InOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoadBalancerTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualScheduler scheduler = new ManualScheduler();
    private final ScriptedPool pool = new ScriptedPool("test");
    private final List<String> seen = new ArrayList<>();
    private final LoadBalancer balancer = builder().build();

    private LoadBalancer.Builder builder() {
        return LoadBalancer.builder(pool, new InOrder(10)).runtimes(scheduler.asRuntimes());
    }

    @AfterEach
    void nothing_is_left_in_flight() {
        assertThat(balancer.servers()).allMatch(s -> s.inFlight() == 0);
        balancer.close();
        assertThat(pool.subscriptions()).isZero();
    }

    private static Server server(String id, long generation) {
        return Server.ready(id, new Instance("i-" + id, Address.of("127.0.0.1", 9000), generation));
    }

    private static Attempt attempt(Pick pick) {
        assertThat(pick).isInstanceOf(Attempt.class);
        return (Attempt) pick;
    }

    private static NoServer.Reason none(Pick pick) {
        assertThat(pick).isInstanceOf(NoServer.class);
        return ((NoServer) pick).reason();
    }

    private static String fail(Pick pick) {
        Attempt attempt = attempt(pick);
        attempt.failed(Failure.CONNECT);
        return attempt.server().id();
    }

    @Test
    void a_call_tries_each_server_once_and_then_says_so() {
        pool.publish(server("a", 1), server("b", 2), server("c", 3));
        Call call = balancer.call(Key.none());

        assertThat(fail(call.next())).isEqualTo("a");
        assertThat(fail(call.next())).isEqualTo("b");
        assertThat(fail(call.next())).isEqualTo("c");
        assertThat(none(call.next())).isEqualTo(NoServer.Reason.ALL_TRIED);
        assertThat(call.attempts()).isEqualTo(3);
    }

    @Test
    void servers_that_are_not_ready_are_skipped() {
        pool.publish(
                Server.starting("a"),
                server("b", 2).withState(Server.State.DOWN),
                server("c", 3).withState(Server.State.DRAINING),
                server("d", 4));
        Call call = balancer.call(Key.none());

        assertThat(fail(call.next())).isEqualTo("d");
        assertThat(none(call.next())).isEqualTo(NoServer.Reason.ALL_TRIED);
    }

    @Test
    void the_reason_why_there_is_no_server_is_the_right_one() {
        assertThat(none(balancer.call(Key.none()).next())).isEqualTo(NoServer.Reason.POOL_UNKNOWN);

        pool.publish();
        assertThat(none(balancer.call(Key.none()).next())).isEqualTo(NoServer.Reason.POOL_EMPTY);

        pool.publish(Server.starting("a"));
        assertThat(none(balancer.call(Key.none()).next())).isEqualTo(NoServer.Reason.NONE_READY);

        pool.publish(server("a", 1));
        try (LoadBalancer capped = builder().maxInFlightPerServer(1).build();
                Attempt held = attempt(capped.call(Key.none()).next())) {
            assertThat(held.ended()).isFalse();
            assertThat(none(capped.call(Key.none()).next())).isEqualTo(NoServer.Reason.ALL_BUSY);
        }
        LoadBalancer closed = builder().build();
        closed.close();
        assertThat(none(closed.call(Key.none()).next())).isEqualTo(NoServer.Reason.CLOSED);
    }

    @Test
    void all_servers_together_carry_no_more_than_the_pool_may() {
        pool.publish(server("a", 1), server("b", 2));
        try (LoadBalancer capped = builder().maxInFlight(2).build()) {
            Attempt one = attempt(capped.call(Key.none()).next());
            Attempt two = attempt(capped.call(Key.none()).next());

            assertThat(none(capped.call(Key.none()).next())).isEqualTo(NoServer.Reason.POOL_BUSY);
            one.failed(Failure.TIMEOUT);
            Call call = capped.call(Key.none());
            Attempt three = attempt(call.next());
            assertThat(none(capped.call(Key.none()).next())).isEqualTo(NoServer.Reason.POOL_BUSY);
            two.abandoned();
            three.failed(Failure.CONNECT);
            fail(call.next());
            assertThat(none(call.next())).isEqualTo(NoServer.Reason.ALL_TRIED);

            attempt(capped.call(Key.none()).next()).succeeded();
        }
    }

    @Test
    void each_attempt_of_a_call_stays_what_it_was() {
        pool.publish(server("a", 1), server("b", 2));
        Call call = balancer.call(Key.none());
        Attempt first = attempt(call.next());
        first.failed(Failure.CONNECT);
        Attempt second = attempt(call.next());

        assertThat(first.server().id()).isEqualTo("a");
        assertThat(first.number()).isEqualTo(1);
        assertThat(first.ended()).isTrue();
        assertThat(second.server().id()).isEqualTo("b");
        assertThat(second.number()).isEqualTo(2);
        first.succeeded();
        first.close();
        first.responded();
        assertThat(second.ended()).isFalse();
        assertThat(balancer.servers()).allMatch(s -> s.latencyNanos() == 0);
        second.succeeded();
    }

    @Test
    void a_call_makes_no_more_attempts_than_it_may() {
        pool.publish(server("a", 1), server("b", 2), server("c", 3));
        try (LoadBalancer two = builder().maxAttempts(2).build()) {
            Call call = two.call(Key.none());

            fail(call.next());
            fail(call.next());
            assertThat(none(call.next())).isEqualTo(NoServer.Reason.ATTEMPTS_USED_UP);
        }
    }

    @Test
    void a_call_that_has_used_up_its_snapshot_looks_at_the_newest_once() {
        pool.publish(server("a", 1));
        Call call = balancer.call(Key.none());
        fail(call.next());

        pool.publish(server("a", 1), server("b", 2));

        assertThat(fail(call.next())).isEqualTo("b");
        assertThat(none(call.next())).isEqualTo(NoServer.Reason.ALL_TRIED);
    }

    @Test
    void a_replacement_under_the_same_id_may_be_tried_and_inherits_nothing() {
        pool.publish(server("a", 1));
        Call call = balancer.call(Key.none());
        Attempt first = attempt(call.next());
        first.responded();
        assertThat(only(balancer.servers()).inFlight()).isEqualTo(1);
        first.failed(Failure.DISCONNECT);

        pool.publish(server("a", 1).withState(Server.State.DOWN));
        pool.publish(server("a", 2));

        assertThat(only(balancer.servers()).latencyNanos()).isZero();
        Attempt second = attempt(call.next());
        assertThat(second.instance().generation()).isEqualTo(2);
        second.succeeded();
    }

    @Test
    void a_call_passes_by_what_has_left_since_it_began() {
        pool.publish(server("a", 1), server("b", 2), server("c", 3));
        Call call = balancer.call(Key.none());

        pool.publish(server("b", 9), server("c", 3));

        assertThat(fail(call.next())).isEqualTo("c");
        Attempt replaced = attempt(call.next());
        assertThat(replaced.server().id()).isEqualTo("b");
        assertThat(replaced.instance().generation()).isEqualTo(9);
        replaced.succeeded();
    }

    @Test
    void an_attempt_ends_exactly_once() {
        pool.publish(server("a", 1), server("b", 2));
        Call call = balancer.call(Key.none());
        Attempt attempt = attempt(call.next());

        assertThatThrownBy(call::next).isInstanceOf(IllegalStateException.class).hasMessageContaining("a");
        attempt.succeeded();
        attempt.succeeded();
        attempt.failed(Failure.TIMEOUT);
        attempt.abandoned();
        try (Attempt again = attempt) {
            assertThat(again.ended()).isTrue();
        }
        assertThat(balancer.servers()).allMatch(s -> s.inFlight() == 0);
    }

    @Test
    void an_operator_override_holds_until_it_is_cleared() {
        pool.publish(server("a", 1), server("b", 2));

        assertThat(balancer.override("a", OperatorOverride.DRAIN)).isEqualTo(OperatorOverride.NONE);
        pool.publish(server("a", 3), server("b", 2));
        assertThat(fail(balancer.call(Key.none()).next())).isEqualTo("b");

        assertThat(balancer.override("a", OperatorOverride.NONE)).isEqualTo(OperatorOverride.DRAIN);
        assertThat(fail(balancer.call(Key.none()).next())).isEqualTo("a");
        assertThatThrownBy(() -> balancer.override("x", OperatorOverride.DOWN)).hasMessageContaining("[a, b]");
    }

    @Test
    void a_drain_counts_what_finished_and_what_was_cut() throws Exception {
        pool.publish(server("a", 1));
        List<Attempt> attempts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            attempts.add(attempt(balancer.call(Key.none()).next()));
        }

        Server draining = server("a", 1).withState(Server.State.DRAINING);
        pool.publish(draining);
        CompletableFuture<DrainResult> drained = pool.release(draining, SECOND);
        attempts.get(0).succeeded();
        assertThat(drained).isNotDone();
        scheduler.advance(SECOND);

        assertThat(drained.get()).isEqualTo(new DrainResult(1, 2));
        attempts.get(1).abandoned();
        attempts.get(2).abandoned();
    }

    @Test
    void attempts_that_a_listener_ends_at_the_deadline_of_a_drain_count_as_cut() throws Exception {
        pool.publish(server("a", 1));
        Attempt attempt = attempt(balancer.call(Key.none()).next());
        List<String> expired = new ArrayList<>();
        balancer.follow(new InstanceListener() {
            @Override
            public void drainExpired(Server server, Instance instance) {
                expired.add(server.id() + " " + instance.generation());
                attempt.abandoned();
            }
        });
        Server draining = server("a", 1).withState(Server.State.DRAINING);
        pool.publish(draining);
        CompletableFuture<DrainResult> drained = pool.release(draining, SECOND);
        scheduler.advance(SECOND);

        assertThat(expired).containsExactly("a 1");
        assertThat(drained.get()).isEqualTo(new DrainResult(0, 1));
    }

    @Test
    void a_drain_ends_with_the_last_attempt_and_nothing_begins_after_it() throws Exception {
        pool.publish(server("a", 1));
        Call late = balancer.call(Key.none());
        Attempt attempt = attempt(balancer.call(Key.none()).next());
        Server draining = server("a", 1).withState(Server.State.DRAINING);
        pool.publish(draining);
        CompletableFuture<DrainResult> drained = pool.release(draining, SECOND);

        attempt.succeeded();

        assertThat(drained.get()).isEqualTo(new DrainResult(1, 0));
        assertThat(none(late.next())).isEqualTo(NoServer.Reason.POOL_EMPTY);
    }

    @Test
    void the_old_instance_drains_while_the_new_one_serves_under_its_id() throws Exception {
        pool.publish(server("a", 1));
        Attempt old = attempt(balancer.call(Key.none()).next());

        pool.publish(server("a", 2));
        CompletableFuture<DrainResult> drained = pool.release(server("a", 1).withState(Server.State.DRAINING), SECOND);
        Attempt fresh = attempt(balancer.call(Key.none()).next());

        assertThat(fresh.instance().generation()).isEqualTo(2);
        assertThat(drained).isNotDone();
        old.succeeded();
        assertThat(drained.get()).isEqualTo(new DrainResult(1, 0));
        fresh.succeeded();
        assertThat(pool.release(server("z", 5).withState(Server.State.DRAINING), SECOND)
                        .get())
                .isEqualTo(DrainResult.NOTHING);
    }

    @Test
    void the_loss_of_an_instance_is_reported_once_and_a_drain_is_no_loss() {
        balancer.follow(new InstanceListener() {
            @Override
            public void instanceLost(Server server, Instance instance) {
                seen.add(server.id() + instance.generation());
            }
        });
        pool.publish(server("a", 1), server("b", 1), server("c", 1), server("d", 1));

        pool.report(new PoolEvent.Lost(new InstanceId("a", 1), "killed"));
        pool.publish(
                server("a", 1).withState(Server.State.DOWN),
                server("b", 1).withState(Server.State.DRAINING),
                server("c", 2),
                server("d", 1));
        pool.publish(server("a", 2), server("c", 2));
        balancer.override("c", OperatorOverride.DOWN);

        assertThat(seen).containsExactly("a1", "d1", "c2");
    }

    @Test
    void members_that_the_policy_has_no_place_for_leave_the_table_of_before_in_force() {
        pool.publish(server("a", 1));
        Server[] many = new Server[11];
        for (int i = 0; i < many.length; i++) {
            many[i] = server("s" + i, 1);
        }

        pool.publish(many);
        assertThat(none(balancer.call(Key.none()).next())).isEqualTo(NoServer.Reason.NONE_READY);
        pool.publish(server("a", 2), server("b", 1));

        assertThat(fail(balancer.call(Key.none()).next())).isEqualTo("a");
    }

    @Test
    void a_listener_sees_everything_and_a_listener_that_throws_has_no_effect() {
        LoadBalancerListener recorder = new LoadBalancerListener() {
            @Override
            public void attemptBegan(Server server) {
                seen.add("began " + server.id());
            }

            @Override
            public void skipped(Server server, SkipReason reason) {
                seen.add("skipped " + server.id() + " " + reason);
            }

            @Override
            public void responded(Server server, Duration sinceBegin) {
                seen.add("responded " + server.id() + " " + sinceBegin.toMillis());
            }

            @Override
            public void failed(Server server, Failure failure, Duration sinceBegin) {
                seen.add("failed " + server.id() + " " + failure + " " + sinceBegin.toMillis());
            }

            @Override
            public void noServer(NoServer noServer) {
                seen.add("none " + noServer.reason());
            }
        };
        LoadBalancerListener thrower = new LoadBalancerListener() {
            @Override
            public void attemptBegan(Server server) {
                throw new IllegalStateException("on purpose");
            }
        };
        pool.publish(Server.starting("a"), server("b", 1));
        try (LoadBalancer told = builder().listener(thrower).listener(recorder).build()) {
            Call call = told.call(Key.none());
            Attempt attempt = attempt(call.next());
            scheduler.advance(Duration.ofMillis(5));
            attempt.responded();
            scheduler.advance(Duration.ofMillis(5));
            attempt.failed(Failure.DISCONNECT);
            none(call.next());
        }

        assertThat(seen)
                .containsExactly(
                        "skipped a NOT_READY", "began b", "responded b 5", "failed b DISCONNECT 10", "none ALL_TRIED");
    }

    @Test
    void many_threads_and_a_changing_membership_leave_every_count_at_zero()
            throws InterruptedException, ExecutionException {
        pool.publish(server("a", 1), server("b", 1));
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<Integer>> counts = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            counts.add(threads.submit(() -> {
                int made = 0;
                while (!stop.get() || made < 1_000) {
                    Call call = balancer.call(Key.none());
                    Pick pick = call.next();
                    while (pick instanceof Attempt attempt) {
                        made++;
                        attempt.failed(Failure.CONNECT);
                        pick = call.next();
                    }
                }
                return made;
            }));
        }

        for (long generation = 2; generation < 2_000; generation++) {
            Server draining = server("b", generation - 1).withState(Server.State.DRAINING);
            pool.publish(server("a", generation), draining);
            CompletableFuture<DrainResult> drained = pool.release(draining, SECOND);
            while (!drained.isDone()) {
                Thread.onSpinWait();
            }
            pool.publish(server("a", generation), server("b", generation));
        }
        stop.set(true);
        threads.shutdown();

        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        for (Future<Integer> made : counts) {
            assertThat(made.get()).isGreaterThanOrEqualTo(1_000);
        }
        assertThat(balancer.servers()).allMatch(s -> s.inFlight() == 0);
    }

    private static ServerStatus only(List<ServerStatus> servers) {
        assertThat(servers).hasSize(1);
        return servers.get(0);
    }
}
