package io.github.lbkit.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Failure;
import io.github.lbkit.api.health.Ejection;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests of simulated servers and clients with scenarios without chance, whose numbers are known exactly. */
class SimulationTest {
    private static final BalancerSetup ROUND_ROBIN = BalancerSetup.roundRobin();
    private static final Client ONE_ATTEMPT = Client.DEFAULTS.withRepeated(EnumSet.noneOf(Failure.class));

    private static Duration ms(long milliseconds) {
        return Duration.ofMillis(milliseconds);
    }

    private static ServerModel taking(long milliseconds, int concurrency, int queueCapacity) {
        return new ServerModel(Behaviour.serving(ServiceTime.constant(ms(milliseconds))), concurrency, queueCapacity);
    }

    /** Returns a scenario with a request every 10 ms for 1 second, the last at 990 ms. */
    private static Scenario.Builder everyTenMilliseconds() {
        return Scenario.named("test").arrivals(Arrivals.constant(100)).duration(Duration.ofSeconds(1));
    }

    private static SimulationOutcome run(Scenario.Builder scenario) {
        return Simulation.run(scenario.build(), ROUND_ROBIN, 1);
    }

    @Test
    void requests_arrive_on_time_and_take_the_service_time() {
        SimulationOutcome outcome = run(everyTenMilliseconds().servers(2, taking(5, 1, 0)));

        assertThat(outcome.requests()).isEqualTo(99);
        assertThat(outcome.succeeded()).isEqualTo(99);
        assertThat(outcome.successShare()).isEqualTo(1);
        assertThat(outcome.attempts()).isEqualTo(99);
        assertThat(outcome.latency(1)).hasValue(ms(5));
        assertThat(outcome.latency(100)).hasValue(ms(5));
        assertThat(outcome.maxOverMeanAttempts()).isEqualTo(50 / 49.5);
        assertThat(outcome.movedKeys()).isEmpty();
    }

    @Test
    void the_mean_in_flight_is_rate_times_service_time() {
        SimulationOutcome outcome =
                run(everyTenMilliseconds().servers(1, taking(40, 10, 0)).measureLoadsFrom(ms(505)));

        assertThat(outcome.servers()).containsExactly(new ServerOutcome("S1", 49, 4));
    }

    @Test
    void attempts_beyond_concurrency_are_queued_and_beyond_the_queue_refused() {
        SimulationOutcome waits = run(everyTenMilliseconds().servers(1, taking(15, 1, 1_000)));
        SimulationOutcome refused = run(everyTenMilliseconds().servers(1, taking(15, 1, 0)));

        assertThat(waits.failures()).isEmpty();
        assertThat(waits.latency(1)).hasValue(ms(15));
        assertThat(waits.latency(100)).hasValue(ms(15 + 98 * 5));
        assertThat(refused.failures()).isEqualTo(Map.of("OVERLOADED", 49L));
        assertThat(refused.latency(100)).hasValue(ms(15));
    }

    @Test
    void an_attempt_without_response_is_retried_only_if_idempotent() {
        Scenario.Builder oneOfTwoSilent = everyTenMilliseconds()
                .server("a", new ServerModel(Behaviour.unresponsive(), 1_000, 0))
                .server("b", taking(5, 10, 0));

        SimulationOutcome repeated = run(oneOfTwoSilent.client(Client.DEFAULTS.withIdempotentShare(1)));
        SimulationOutcome not = run(oneOfTwoSilent.client(Client.DEFAULTS.withIdempotentShare(0)));

        assertThat(repeated.failed()).isZero();
        assertThat(repeated.latency(100)).hasValue(ms(1_005));
        assertThat(repeated.attempts()).isEqualTo(repeated.requests() + not.failed());
        assertThat(not.failures()).containsOnlyKeys("TIMEOUT");
        assertThat(not.failed()).isBetween(49L, 50L);
        assertThat(not.attempts()).isEqualTo(99);
    }

    @Test
    void a_request_fails_at_its_deadline() {
        Client patient = Client.DEFAULTS.withTimeouts(ms(400), ms(500)).withIdempotentShare(1);

        SimulationOutcome outcome =
                run(everyTenMilliseconds().servers(3, taking(2_000, 100, 0)).client(patient));

        assertThat(outcome.failures()).isEqualTo(Map.of("DEADLINE", 99L));
        assertThat(outcome.attemptsPerRequest()).isEqualTo(2);
        assertThat(outcome.latency(50)).isEmpty();
    }

    @Test
    void an_abandoned_attempt_takes_its_service_time_but_an_unresponsive_one_ends() {
        Client impatient = ONE_ATTEMPT.withTimeouts(ms(15), ms(100));

        SimulationOutcome working =
                run(everyTenMilliseconds().servers(1, taking(25, 1, 0)).client(impatient));
        SimulationOutcome silent = run(everyTenMilliseconds()
                .servers(1, new ServerModel(Behaviour.unresponsive(), 1, 0))
                .client(impatient));

        assertThat(working.failures()).isEqualTo(Map.of("TIMEOUT", 33L, "OVERLOADED", 66L));
        assertThat(silent.failures()).isEqualTo(Map.of("TIMEOUT", 50L, "OVERLOADED", 49L));
    }

    @Test
    void a_crash_cuts_attempts_in_flight_and_refuses_later_ones_until_the_pool_notices() {
        SimulationOutcome outcome = run(everyTenMilliseconds()
                .servers(1, taking(25, 10, 0))
                .client(ONE_ATTEMPT)
                .at(ms(207), servers -> servers.crashAndRestart("S1", ms(100), ms(200))));

        assertThat(outcome.failures()).isEqualTo(Map.of("DISCONNECT", 2L, "CONNECT", 10L, "NONE_READY", 20L));
    }

    @Test
    void a_refused_connection_is_retried_for_every_request() {
        SimulationOutcome outcome = run(everyTenMilliseconds()
                .servers(2, taking(5, 10, 0))
                .client(ONE_ATTEMPT)
                .at(ms(8), servers -> servers.crash("S1")));

        assertThat(outcome.failed()).isZero();
        assertThat(outcome.latency(100)).hasValue(ms(6));
    }

    @Test
    void a_removed_server_finishes_its_attempts_within_the_drain_time() {
        Scenario.Builder leaving =
                everyTenMilliseconds().servers(2, taking(55, 10, 0)).client(ONE_ATTEMPT);

        SimulationOutcome finished = run(leaving.at(ms(505), servers -> servers.remove("S1", ms(100))));
        SimulationOutcome cut = run(leaving.at(ms(505), servers -> servers.remove("S2", ms(10))));

        assertThat(finished.failed()).isZero();
        assertThat(finished.servers()).extracting(ServerOutcome::id).containsExactly("S2");
        assertThat(finished.drained().cut()).isZero();
        assertThat(finished.drained().finished()).isBetween(2, 3);
        assertThat(cut.drained().cut()).isBetween(2, 3);
        assertThat(cut.failures().get("DISCONNECT")).isEqualTo(cut.drained().cut());
    }

    @Test
    void a_replacement_takes_over_before_the_old_instance_drains() {
        SimulationOutcome outcome = run(everyTenMilliseconds()
                .servers(1, taking(55, 10, 0))
                .client(ONE_ATTEMPT)
                .at(ms(505), servers -> servers.replace("S1", taking(3, 1, 0), ms(100))));

        assertThat(outcome.failed()).isZero();
        assertThat(outcome.latency(50)).hasValue(ms(55));
        assertThat(outcome.latency(49)).hasValue(ms(3));
    }

    @Test
    void idempotent_attempts_on_an_ejected_server_are_retried_at_once() {
        Ejection afterTwo = Ejection.builder()
                .consecutiveFailures(2)
                .failureRatio(1)
                .minVolume(1_000)
                .base(Duration.ofSeconds(60))
                .cap(Duration.ofSeconds(60))
                .build();
        Scenario scenario = everyTenMilliseconds()
                .server("a", new ServerModel(Behaviour.unresponsive(), 1_000, 0))
                .server("b", taking(5, 100, 0))
                .client(Client.DEFAULTS.withIdempotentShare(1).withTimeouts(ms(300), ms(900)))
                .build();

        SimulationOutcome outcome =
                Simulation.run(scenario, ROUND_ROBIN.with("ejection", b -> b.ejection(afterTwo)), 1);

        assertThat(outcome.failed()).isZero();
        assertThat(outcome.ejections()).isEqualTo(1);
        assertThat(outcome.attemptShare("a")).isLessThan(0.2);
        assertThat(outcome.latency(100)).as("the two that waited").hasValue(ms(305));
        assertThat(outcome.latency(97).orElseThrow()).as("those that moved on").isLessThan(ms(305));
    }

    @Test
    void a_cold_server_becomes_as_fast_as_the_others() {
        ServerModel model = taking(10, 100, 0);

        SimulationOutcome outcome = run(everyTenMilliseconds()
                .server("S1", model.withBehaviour(model.behaviour().coldFor(ms(500), 5))));

        assertThat(outcome.latency(50)).hasValue(ms(10));
        assertThat(outcome.latency(100)).hasValue(Duration.ofNanos(49_200_000));
    }

    @Test
    void servers_alternate_between_behaviours_by_age() {
        Behaviour good = taking(5, 1, 0).behaviour();
        Behaviour bad = Behaviour.failing(ServiceTime.constant(ms(1)));

        SimulationOutcome outcome = run(everyTenMilliseconds()
                .servers(1, new ServerModel(Behaviour.alternating(good, ms(100), bad, ms(300)), 10, 0)));

        assertThat(outcome.succeeded()).isEqualTo(9 + 10 + 10);
        assertThat(outcome.failures()).isEqualTo(Map.of("STATUS", 70L));
    }

    @Test
    void without_servers_every_request_fails_at_once() {
        SimulationOutcome outcome = run(everyTenMilliseconds());

        assertThat(outcome.failures()).isEqualTo(Map.of("POOL_EMPTY", 99L));
        assertThat(outcome.attempts()).isZero();
        assertThat(outcome.servers()).isEmpty();
        assertThat(outcome.maxOverMeanAttempts()).isZero();
    }

    @Test
    void invalid_events_are_refused() {
        Scenario.Builder unknown =
                everyTenMilliseconds().servers(1, taking(5, 1, 0)).at(ms(10), servers -> servers.crash("S2"));
        Scenario.Builder twice = everyTenMilliseconds()
                .servers(1, taking(5, 1, 0))
                .at(ms(10), servers -> servers.add("S1", taking(5, 1, 0)));

        assertThatThrownBy(() -> run(unknown)).hasMessageContaining("'S2'").hasMessageContaining("[S1]");
        assertThatThrownBy(() -> run(twice)).hasMessageContaining("'S1' is a member already");
        assertThatThrownBy(() ->
                        everyTenMilliseconds().server("S1", taking(5, 1, 0)).server("S1", taking(5, 1, 0)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void equal_seeds_give_equal_outcomes_and_another_seed_differs() {
        BalancerSetup setup = BalancerSetup.leastRequests().withProtection();

        for (Scenario scenario : List.of(Scenarios.flapping(), Scenarios.rollingDeploy())) {
            SimulationOutcome one = Simulation.run(scenario, setup, 7);
            SimulationOutcome same = Simulation.run(scenario, setup, 7);
            SimulationOutcome other = Simulation.run(scenario, setup, 8);

            assertThat(same.toString()).isEqualTo(one.toString());
            assertThat(same.servers()).isEqualTo(one.servers());
            assertThat(same.latency(99)).isEqualTo(one.latency(99));
            assertThat(other.servers()).isNotEqualTo(one.servers());
        }
    }

    @Test
    void every_setup_gets_the_same_requests() {
        Scenario scenario = Scenarios.hotKey();

        assertThat(List.of(ROUND_ROBIN, BalancerSetup.random(), BalancerSetup.leastRequests()))
                .extracting(setup -> Simulation.run(scenario, setup, 3).requests())
                .containsOnly(Simulation.run(scenario, ROUND_ROBIN.withProtection(), 3)
                        .requests());
    }
}
