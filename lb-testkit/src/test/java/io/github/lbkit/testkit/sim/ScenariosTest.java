package io.github.lbkit.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of policies and protection with the shipped scenarios and several fixed seeds. */
class ScenariosTest {
    private static final BalancerSetup ROUND_ROBIN = BalancerSetup.roundRobin();
    private static final BalancerSetup RANDOM = BalancerSetup.random();
    private static final BalancerSetup LEAST_REQUESTS = BalancerSetup.leastRequests();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void least_requests_sends_a_slow_server_less_than_a_tenth(long seed) {
        SimulationOutcome least = Simulation.run(Scenarios.oneSlowServer(), LEAST_REQUESTS, seed);
        SimulationOutcome even = Simulation.run(Scenarios.oneSlowServer(), ROUND_ROBIN, seed);

        assertThat(least.attemptShare("S1")).isLessThan(0.1);
        assertThat(even.attemptShare("S1")).isBetween(0.19, 0.21);
        assertThat(least.latency(99).orElseThrow().multipliedBy(3))
                .isLessThan(even.latency(99).orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void ejection_removes_a_server_that_fails_fast_with_every_policy(long seed) {
        for (BalancerSetup setup : new BalancerSetup[] {ROUND_ROBIN, RANDOM, LEAST_REQUESTS}) {
            SimulationOutcome bare = Simulation.run(Scenarios.fast503s(), setup, seed);
            SimulationOutcome ejecting = Simulation.run(Scenarios.fast503s(), setup.withProtection(), seed);

            assertThat(bare.successShare()).as(bare.toString()).isLessThan(0.86);
            assertThat(ejecting.failed()).as(ejecting.toString()).isBetween(5L, 40L);
            assertThat(ejecting.attemptShare("S1")).isLessThan(0.01);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void a_black_hole_costs_less_than_a_second_of_one_server(long seed) {
        SimulationOutcome bare = Simulation.run(Scenarios.blackHole(), ROUND_ROBIN, seed);
        SimulationOutcome ejecting = Simulation.run(Scenarios.blackHole(), ROUND_ROBIN.withProtection(), seed);

        assertThat(bare.latency(99).orElseThrow()).isGreaterThan(Duration.ofSeconds(1));
        assertThat(ejecting.latency(95).orElseThrow()).isLessThan(Duration.ofMillis(100));
        assertThat(ejecting.failed()).isLessThan(bare.failed() / 4);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void a_flapping_server_is_ejected_for_longer_each_time(long seed) {
        SimulationOutcome ejecting = Simulation.run(Scenarios.flapping(), ROUND_ROBIN.withProtection(), seed);

        assertThat(ejecting.ejections()).isBetween(2L, 4L);
        assertThat(ejecting.failed()).isLessThan(60);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void requests_fail_at_once_while_all_servers_are_down_and_only_then(long seed) {
        for (BalancerSetup setup : new BalancerSetup[] {ROUND_ROBIN, LEAST_REQUESTS.withProtection()}) {
            SimulationOutcome outcome = Simulation.run(Scenarios.allDownThenBack(), setup, seed);

            assertThat(outcome.failures()).isNotEmpty();
            assertThat(outcome.failures().keySet()).isSubsetOf("CONNECT", "DISCONNECT", "NONE_READY");
            // a Poisson count of mean 3,000 has a deviation of 55
            assertThat(outcome.failed()).isBetween(3_000L - 6 * 55, 3_000L + 6 * 55);
            assertThat(outcome.latency(99).orElseThrow()).isLessThan(Duration.ofMillis(60));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void a_rolling_deploy_fails_no_request_and_warm_up_reduces_latency(long seed) {
        SimulationOutcome bare = Simulation.run(Scenarios.rollingDeploy(), ROUND_ROBIN, seed);
        SimulationOutcome warmed = Simulation.run(Scenarios.rollingDeploy(), ROUND_ROBIN.withProtection(), seed);

        assertThat(bare.failed()).isZero();
        assertThat(warmed.failed()).isZero();
        assertThat(warmed.latency(99).orElseThrow()).isLessThan(bare.latency(99).orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void two_hundred_servers_share_the_load_that_overloaded_two(long seed) {
        for (BalancerSetup setup : new BalancerSetup[] {ROUND_ROBIN, RANDOM, LEAST_REQUESTS}) {
            SimulationOutcome outcome = Simulation.run(Scenarios.scaleFrom2To200(), setup, seed);

            assertThat(outcome.servers()).hasSize(200);
            assertThat(outcome.failures()).containsOnlyKeys("OVERLOADED");
            assertThat(outcome.maxOverMeanAttempts()).isLessThan(3);
        }
    }
}
