package io.github.lbkit.testkit.protection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Failure;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.InstanceListener;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.Pick;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.WaitQueue;
import io.github.lbkit.api.explain.OperatorOverride;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.ScriptedPool;
import io.github.lbkit.testkit.fixture.InOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Several threads at one attempt, one listener, one waiter. */
class ConcurrentEndsTest {
    private static final int ROUNDS = 20_000;

    private final ManualScheduler scheduler = new ManualScheduler();
    private final ScriptedPool pool = new ScriptedPool("test");

    private LoadBalancer.Builder builder() {
        return LoadBalancer.builder(pool, new InOrder()).runtimes(scheduler.asRuntimes());
    }

    private static Server server(String id) {
        return Server.ready(id, new Instance("i-" + id, Address.of("127.0.0.1", 9000), 1));
    }

    @Test
    void an_attempt_that_two_threads_end_at_once_ends_once() throws Exception {
        AtomicInteger ends = new AtomicInteger();
        pool.publish(server("a"));
        try (LoadBalancer balancer = builder()
                .maxInFlight(2)
                .listener(new LoadBalancerListener() {
                    @Override
                    public void succeeded(Server server, Duration sinceBegin) {
                        ends.incrementAndGet();
                    }

                    @Override
                    public void failed(Server server, Failure failure, Duration sinceBegin) {
                        ends.incrementAndGet();
                    }
                })
                .build()) {
            Attempt[] shared = new Attempt[1];
            CyclicBarrier both = new CyclicBarrier(2);
            CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < ROUNDS; i++) {
                    await(both);
                    shared[0].failed(Failure.OVERLOADED);
                    await(both);
                }
            });
            for (int i = 0; i < ROUNDS; i++) {
                shared[0] = (Attempt) balancer.call(Key.none()).next();
                await(both);
                shared[0].succeeded();
                await(both);
                assertThat(balancer.servers().get(0).inFlight()).isZero();
            }
            other.get(60, TimeUnit.SECONDS);

            assertThat(ends).hasValue(ROUNDS);
            Attempt one = (Attempt) balancer.call(Key.none()).next();
            Attempt two = (Attempt) balancer.call(Key.none()).next();
            one.succeeded();
            two.succeeded();
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_listener_hears_one_event_at_a_time_and_all_in_order() throws Exception {
        List<String> heard = new ArrayList<>();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        AtomicInteger atOnce = new AtomicInteger();
        try (LoadBalancer balancer = builder().build()) {
            var unused = balancer.follow(new InstanceListener() {
                @Override
                public void membershipChanged(Membership before, Membership after, boolean newTable) {
                    assertThat(atOnce.incrementAndGet()).isEqualTo(1);
                    heard.add("version " + after.version());
                    inside.countDown();
                    try {
                        assertThat(leave.await(60, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    atOnce.decrementAndGet();
                }

                @Override
                public void instanceLost(Server server, Instance instance) {
                    assertThat(atOnce.incrementAndGet()).isEqualTo(1);
                    heard.add("lost " + server.id());
                    atOnce.decrementAndGet();
                }
            });
            CompletableFuture<Void> publishing =
                    CompletableFuture.runAsync(() -> pool.publish(server("a"), server("b")));
            assertThat(inside.await(60, TimeUnit.SECONDS)).isTrue();

            balancer.override("a", OperatorOverride.DOWN);
            assertThat(heard).containsExactly("version 1");
            leave.countDown();
            publishing.get(60, TimeUnit.SECONDS);

            assertThat(heard).containsExactly("version 1", "lost a");
        }
    }

    @Test
    void a_waiter_that_times_out_by_its_future_leaves_its_place() throws Exception {
        pool.publish(server("a"));
        try (LoadBalancer balancer = builder().maxInFlightPerServer(1).build();
                WaitQueue queue = new WaitQueue(balancer, new WaitQueue.Settings(1, Duration.ofMinutes(1), false))) {
            Attempt holder = (Attempt) balancer.call(Key.none()).next();
            CompletableFuture<Pick> waits = queue.next(balancer.call(Key.none()));
            CompletableFuture<Pick> limited = waits.orTimeout(1, TimeUnit.MILLISECONDS);
            assertThat(limited).failsWithin(Duration.ofMinutes(1));

            assertThat(queue.waiting()).isZero();
            CompletableFuture<Pick> next = queue.next(balancer.call(Key.none()));
            assertThat(next).isNotDone();
            holder.succeeded();
            ((Attempt) next.join()).succeeded();
        }
    }
}
