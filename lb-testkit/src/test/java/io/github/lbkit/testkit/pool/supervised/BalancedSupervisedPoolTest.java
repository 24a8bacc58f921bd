package io.github.lbkit.testkit.pool.supervised;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.DrainResult;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.InstanceListener;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolChangeRefusedException;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.health.Probe;
import io.github.lbkit.api.health.ProbeResult;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.supervised.SupervisedOptions;
import io.github.lbkit.api.pool.supervised.SupervisedPool;
import io.github.lbkit.testkit.FakePlatform;
import io.github.lbkit.testkit.fixture.InOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A balancer over a supervised pool: what drains waits for attempts, and what dies is told. */
class BalancedSupervisedPoolTest {
    private final SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
    private final LoadBalancer balancer = LoadBalancer.builder(stage.pool, new InOrder())
            .runtimes(stage.scheduler.asRuntimes())
            .build();

    private Attempt attempt() {
        stage.scheduler.runDue();
        return (Attempt) balancer.call(Key.none()).next();
    }

    private DrainResult drained() {
        return stage.events.stream()
                .filter(PoolEvent.Drained.class::isInstance)
                .map(event -> ((PoolEvent.Drained) event).result())
                .reduce(DrainResult.NOTHING, DrainResult::plus);
    }

    @Test
    void a_removed_server_gets_no_new_attempt_and_lives_until_those_it_has_are_over() {
        Attempt attempt = attempt();
        assertThat(attempt.server().id()).isEqualTo("Server 1");

        stage.ask(stage.pool.remove(1, List.of("Server 1")));
        stage.pass(Duration.ofSeconds(1));
        assertThat(attempt().server().id()).isEqualTo("Server 2");
        assertThat(stage.platform.running("Server 1")).isPresent();
        attempt.succeeded();
        stage.pass(SupervisedPoolFixture.DRAIN);

        assertThat(stage.platform.running("Server 1")).isEmpty();
        assertThat(drained().finished()).isGreaterThanOrEqualTo(1);
    }

    @Test
    void attempts_that_do_not_end_are_cut_at_the_deadline() {
        Attempt attempt = attempt();

        stage.ask(stage.pool.remove(1, List.of("Server 1")));
        stage.pass(SupervisedPoolFixture.DRAIN.plusSeconds(1));

        assertThat(stage.platform.running("Server 1")).isEmpty();
        assertThat(drained().cut()).isGreaterThanOrEqualTo(1);
        attempt.abandoned();
    }

    @Test
    void a_replaced_server_moves_its_attempts_to_the_new_instance_without_a_gap() {
        Attempt old = attempt();
        stage.ask(stage.pool.replace("Server 1"));

        for (int i = 0; i < 100; i++) {
            stage.pass(Duration.ofMillis(5));
            try (Attempt next = attempt()) {
                assertThat(next.server().id()).isEqualTo("Server 1");
            }
        }

        Attempt young = attempt();
        assertThat(young.instance().generation()).isGreaterThan(old.instance().generation());
        old.succeeded();
        young.succeeded();
    }

    @Test
    void a_death_is_reported_once_as_a_lost_instance_and_attempts_go_elsewhere_at_once() {
        List<Instance> lost = new CopyOnWriteArrayList<>();
        var subscription = balancer.follow(new InstanceListener() {
            @Override
            public void instanceLost(Server server, Instance instance) {
                lost.add(instance);
            }
        });
        Attempt attempt = attempt();

        stage.kill("Server 1");
        stage.scheduler.runDue();

        assertThat(lost).containsExactly(attempt.instance());
        assertThat(attempt().server().id()).isEqualTo("Server 2");
        stage.pass(Duration.ofSeconds(1));
        assertThat(attempt().server().id()).isEqualTo("Server 1");
        assertThat(lost).hasSize(1);
        subscription.close();
    }

    @Test
    void the_pools_own_readiness_keeps_requests_from_a_server_and_replaces_none() {
        Set<String> unready = ConcurrentHashMap.newKeySet();
        Probe probe = (instance, timeout) -> CompletableFuture.completedFuture(
                unready.stream().anyMatch(id -> instance.name().startsWith(id))
                        ? ProbeResult.failed("its database is away")
                        : ProbeResult.PASSED);
        SupervisedPoolFixture own = SupervisedPoolFixture.ready(SupervisedPoolFixture.options()
                .readiness(HealthChecks.builder(probe)
                        .interval(Duration.ofSeconds(1))
                        .fall(2)
                        .build()));
        LoadBalancer over = LoadBalancer.builder(own.pool, new InOrder())
                .runtimes(own.scheduler.asRuntimes())
                .build();
        own.scheduler.runDue();

        unready.add("server-1");
        own.pass(Duration.ofSeconds(10));
        assertThat(((Attempt) over.call(Key.none()).next()).server().id()).isEqualTo("Server 2");
        unready.addAll(Set.of("server-2", "server-3"));
        own.pass(Duration.ofMinutes(5));

        assertThat(((Attempt) over.call(Key.none()).next()).server().id()).isEqualTo("Server 1");
        assertThat(own.events).isEmpty();
    }

    @Test
    void a_change_that_the_context_does_not_admit_is_refused_before_any_launch() {
        FakePlatform platform = new FakePlatform(stage.scheduler);
        PoolContext context = new PoolContext("small", stage.scheduler.asRuntimes(), Path.of("unused"))
                .withAdmission(members -> {
                    if (members.size() > 3) {
                        throw new IllegalArgumentException("three places are enough");
                    }
                });
        assertThatThrownBy(() -> SupervisedPool.open(
                        context,
                        platform.newLauncher(),
                        SupervisedOptions.builder().servers(4).build()))
                .hasMessage("three places are enough");
        SupervisedPool pool = SupervisedPool.open(
                context,
                platform.newLauncher(),
                SupervisedOptions.builder().servers(3).build());
        stage.scheduler.advance(Duration.ofSeconds(1));

        CompletableFuture<PoolChange> added = pool.add(1, List.of()).toCompletableFuture();
        stage.scheduler.advance(Duration.ofSeconds(1));

        assertThatThrownBy(added::join)
                .hasCauseInstanceOf(PoolChangeRefusedException.class)
                .hasMessageContaining("three places are enough");
        assertThat(platform.instances()).hasSize(3);
    }
}
