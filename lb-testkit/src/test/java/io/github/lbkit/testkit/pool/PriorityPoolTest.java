package io.github.lbkit.testkit.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.DrainResult;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.health.ProbeResult;
import io.github.lbkit.api.policy.RoundRobin;
import io.github.lbkit.api.pool.PriorityOptions;
import io.github.lbkit.api.pool.PriorityPool;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.ScriptedPool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PriorityPoolTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualScheduler scheduler = new ManualScheduler();
    private final ScriptedPool near = new ScriptedPool("near");
    private final ScriptedPool far = new ScriptedPool("far");
    private final PoolContext context = new PoolContext("shop", scheduler.asRuntimes(), Path.of("unused"));
    private final List<ServerPool> open = new ArrayList<>();

    @AfterEach
    void closePools() {
        open.forEach(ServerPool::close);
        assertThat(near.subscriptions()).isZero();
    }

    private PriorityPool pool(PriorityOptions options) {
        PriorityPool pool = PriorityPool.open(context, List.of(near, far), options);
        open.add(pool);
        scheduler.runDue();
        return pool;
    }

    private PriorityPool pool() {
        return pool(PriorityOptions.DEFAULTS);
    }

    private static Server server(String id, Server.State state) {
        return Server.ready(id, new Instance("i-" + id, Address.of("127.0.0.1", 9000), 1))
                .withState(state);
    }

    /** Servers a, b, c and so on, of which so many are ready. */
    private static Server[] servers(int ready, int count) {
        Server[] servers = new Server[count];
        for (int i = 0; i < count; i++) {
            servers[i] = server(String.valueOf((char) ('a' + i)), i < ready ? Server.State.READY : Server.State.DOWN);
        }
        return servers;
    }

    private void publish(ScriptedPool pool, Server... servers) {
        pool.publish(servers);
        scheduler.runDue();
    }

    private static List<String> ids(ServerPool pool) {
        return pool.membership().servers().stream()
                .map(server -> server.id() + (server.state() == Server.State.DRAINING ? " drains" : ""))
                .toList();
    }

    @Test
    void the_first_pool_serves_while_enough_of_it_is_ready() {
        publish(near, servers(4, 4));
        publish(far, servers(2, 2));
        PriorityPool pool = pool();

        assertThat(ids(pool)).containsExactly("a", "b", "c", "d");
        publish(near, servers(2, 4));
        assertThat(pool.current()).as("a half is enough").isEqualTo("near");
        assertThat(pool.membership().servers().get(3).state()).isEqualTo(Server.State.DOWN);
        publish(near, servers(1, 4));

        assertThat(pool.current()).isEqualTo("far");
        assertThat(ids(pool)).contains("far/a", "far/b").doesNotContain("a", "b", "c", "d");
    }

    @Test
    void a_pool_that_knows_nothing_is_waited_for_until_the_initial_time_is_over() {
        PriorityPool pool = pool();
        publish(far, servers(2, 2));
        scheduler.advance(Duration.ofMillis(9_999));
        assertThat(pool.membership().isKnown()).isFalse();
        assertThat(pool.ready().toCompletableFuture()).isNotDone();

        scheduler.advance(Duration.ofMillis(1));

        assertThat(pool.current()).isEqualTo("far");
        assertThat(ids(pool)).containsExactly("far/a", "far/b");
        assertThat(pool.ready().toCompletableFuture()).isCompleted();
        publish(near, servers(2, 2));
        scheduler.advance(Duration.ofSeconds(29));
        assertThat(pool.current()).as("not yet steady").isEqualTo("far");
        scheduler.advance(SECOND);
        assertThat(pool.current()).isEqualTo("near");
    }

    @Test
    void a_pool_that_knows_nothing_is_not_failed_over_to() {
        PriorityPool pool = pool();
        scheduler.advance(Duration.ofMinutes(10));
        assertThat(pool.membership().isKnown()).isFalse();

        publish(near, servers(2, 2));

        assertThat(ids(pool)).containsExactly("a", "b");
        assertThat(pool.ready().toCompletableFuture()).isCompleted();
    }

    @Test
    void whichever_pool_begins_first_after_the_initial_time_is_taken() {
        PriorityPool pool = pool(PriorityOptions.DEFAULTS.withInitialTimeout(SECOND));
        scheduler.advance(Duration.ofMinutes(1));

        publish(far, servers(2, 2));

        assertThat(pool.current()).isEqualTo("far");
    }

    @Test
    void without_an_initial_time_no_pool_is_waited_for() {
        publish(far, servers(2, 2));

        PriorityPool pool = pool(PriorityOptions.DEFAULTS.withInitialTimeout(Duration.ZERO));

        assertThat(pool.current()).isEqualTo("far");
        assertThatThrownBy(() -> PriorityOptions.DEFAULTS.withInitialTimeout(SECOND.negated()))
                .hasMessageContaining("initialTimeout PT-1S");
    }

    @Test
    void without_a_pool_that_has_enough_the_present_one_serves_with_what_it_has() {
        publish(near, servers(4, 4));
        PriorityPool pool = pool();

        publish(near, servers(1, 4));
        assertThat(pool.current()).isEqualTo("near");
        publish(far, servers(1, 4));
        assertThat(pool.current()).isEqualTo("near");
        publish(near, servers(0, 4));
        assertThat(pool.current()).as("one server is better than none").isEqualTo("far");
        publish(far, servers(0, 4));

        assertThat(pool.current()).isEqualTo("far");
    }

    @Test
    void a_pool_without_servers_is_left() {
        publish(near);
        publish(far, servers(1, 1));

        assertThat(pool().current()).isEqualTo("far");
    }

    @Test
    void it_returns_when_the_better_pool_has_been_fit_for_long_enough() {
        publish(near, servers(0, 4));
        publish(far, servers(2, 2));
        PriorityPool pool = pool();
        assertThat(pool.current()).isEqualTo("far");

        publish(near, servers(2, 4));
        scheduler.advance(Duration.ofMinutes(5));
        assertThat(pool.current()).as("half is not enough to return").isEqualTo("far");
        publish(near, servers(3, 4));
        scheduler.advance(Duration.ofSeconds(29));
        publish(near, servers(2, 4));
        publish(near, servers(4, 4));
        scheduler.advance(Duration.ofSeconds(29));
        assertThat(pool.current()).as("the time begins anew after a break").isEqualTo("far");
        scheduler.advance(SECOND);

        assertThat(pool.current()).isEqualTo("near");
        assertThat(ids(pool)).contains("a", "b", "c", "d");
    }

    @Test
    void a_pool_that_fails_is_left_at_once_even_for_one_that_wavers() {
        publish(near, servers(0, 2));
        publish(far, servers(1, 2));
        PriorityPool pool = pool();
        assertThat(pool.current()).isEqualTo("far");
        publish(near, servers(1, 2));

        publish(far, servers(0, 2));

        assertThat(pool.current()).isEqualTo("near");
    }

    @Test
    void servers_that_are_left_but_run_drain_and_their_attempts_finish() {
        publish(near, servers(0, 1));
        publish(far, servers(1, 1));
        PriorityPool pool = pool();
        List<String> seen = new ArrayList<>();
        try (LoadBalancer balancer = balancer(pool, seen)) {
            scheduler.runDue();
            Attempt attempt = (Attempt) balancer.call(Key.none()).next();
            assertThat(attempt.server().id()).isEqualTo("far/a");

            publish(near, servers(1, 1));
            scheduler.advance(Duration.ofSeconds(30));
            assertThat(ids(pool)).containsExactly("a", "far/a drains");
            assertThat(seen).isEmpty();
            attempt.succeeded();
            scheduler.runDue();

            assertThat(ids(pool)).containsExactly("a");
            assertThat(seen).containsExactly("Drained of far/a");
        }
    }

    @Test
    void a_drain_of_a_pool_behind_waits_for_attempts_through_this_one() {
        publish(near, servers(0, 1));
        publish(far, servers(1, 1));
        PriorityPool pool = pool();
        try (LoadBalancer balancer = balancer(pool, new ArrayList<>())) {
            scheduler.runDue();
            Attempt attempt = (Attempt) balancer.call(Key.none()).next();
            Server draining = server("a", Server.State.DRAINING);

            publish(far, draining);
            CompletableFuture<DrainResult> drain = far.release(draining, Duration.ofSeconds(10));
            scheduler.runDue();
            assertThat(drain).isNotDone();
            attempt.succeeded();
            scheduler.runDue();

            assertThat(drain).isCompletedWithValue(new DrainResult(1, 0));
        }
    }

    @Test
    void events_are_forwarded_with_the_visible_ids() {
        publish(near, servers(1, 1));
        publish(far, servers(1, 1));
        List<String> seen = new ArrayList<>();
        try (LoadBalancer balancer = balancer(pool(), seen)) {
            scheduler.runDue();

            PoolEvent[] events = {
                new PoolEvent.Launching(new InstanceId("a", 1), false),
                new PoolEvent.Ready(new InstanceId("a", 1), SECOND),
                new PoolEvent.LaunchFailed(new InstanceId("a", 1), ""),
                new PoolEvent.Lost(new InstanceId("a", 1), ""),
                new PoolEvent.BackingOff(new InstanceId("a", 1), SECOND),
                new PoolEvent.Drained(new InstanceId("a", 1), DrainResult.NOTHING),
                new PoolEvent.Stopped(new InstanceId("a", 1)),
                new PoolEvent.Adopted(new InstanceId("a", 1)),
                new PoolEvent.Retired(new InstanceId("a", 1), "")
            };
            for (PoolEvent event : events) {
                far.report(event);
            }
            near.report(new PoolEvent.Stopped(new InstanceId("a", 1)));
            far.report(new PoolEvent.StreamReopened("", SECOND));
            scheduler.runDue();

            assertThat(seen)
                    .containsExactly(
                            "Launching of far/a",
                            "Ready of far/a",
                            "LaunchFailed of far/a",
                            "Lost of far/a",
                            "BackingOff of far/a",
                            "Drained of far/a",
                            "Stopped of far/a",
                            "Adopted of far/a",
                            "Retired of far/a",
                            "Stopped of a",
                            "StreamReopened");
            assertThat(balancer.membership().servers()).hasSize(1);
        }
    }

    private LoadBalancer balancer(ServerPool pool, List<String> seen) {
        return LoadBalancer.builder(pool, new RoundRobin())
                .runtimes(scheduler.asRuntimes())
                .listener(new LoadBalancerListener() {
                    @Override
                    public void instanceLost(Server server, Instance instance) {
                        seen.add(server.id() + " lost");
                    }

                    @Override
                    public void poolEvent(PoolEvent event) {
                        String of = event instanceof PoolEvent.OfServer ofServer ? " of " + ofServer.id() : "";
                        seen.add(event.getClass().getSimpleName() + of);
                    }
                })
                .build();
    }

    @Test
    void health_checks_decide_who_is_fit_where_there_are_any() {
        Set<String> failing = new HashSet<>();
        HealthChecks checks = HealthChecks.builder((instance, timeout) -> CompletableFuture.completedFuture(
                        failing.contains(instance.name()) ? ProbeResult.failed("no") : ProbeResult.PASSED))
                .interval(SECOND)
                .failingInterval(SECOND)
                .fall(1)
                .rise(1)
                .build();
        publish(near, servers(2, 2));
        publish(far, server("x", Server.State.READY));
        PriorityPool pool = pool(PriorityOptions.DEFAULTS.withHealthChecks(checks));
        scheduler.advance(Duration.ofSeconds(5));
        assertThat(pool.current()).isEqualTo("near");

        failing.addAll(Set.of("i-a", "i-b"));
        scheduler.advance(Duration.ofSeconds(3));
        assertThat(pool.current()).isEqualTo("far");
        failing.clear();
        scheduler.advance(Duration.ofSeconds(35));

        assertThat(pool.current()).isEqualTo("near");
    }

    @Test
    void settings_that_make_no_sense_are_refused() {
        assertThatThrownBy(() -> PriorityPool.open(context, List.of(near, near), PriorityOptions.DEFAULTS))
                .hasMessageContaining("[near, near]");
        assertThatThrownBy(() -> new PriorityOptions(0.5, 0.4, SECOND, Optional.empty()))
                .hasMessageContaining("returnAt 0.4 is not 0.5 to 1");
        assertThatThrownBy(() -> new PriorityOptions(-1, 0.4, SECOND, Optional.empty()))
                .hasMessageContaining("failoverBelow -1.0");
    }
}
