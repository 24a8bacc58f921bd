package io.github.lbkit.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.health.Ejection;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The sample of docs/simulation.md. */
class OwnScenarioTest {
    // begin
    @Test
    void a_crash_in_the_evening_rush_fails_less_than_one_request_in_a_thousand() {
        ServerModel shop =
                new ServerModel(Behaviour.serving(ServiceTime.logNormal(Duration.ofMillis(8), 0.8)), 32, 100);
        Scenario rush = Scenario.named("evening rush")
                .servers(8, shop)
                .arrivals(Arrivals.poisson(1_500))
                .keys(Keys.zipf(50_000, 1.1))
                .client(Client.DEFAULTS.withIdempotentShare(0.8))
                .duration(Duration.ofSeconds(20))
                .at(
                        Duration.ofSeconds(5),
                        servers -> servers.setModel(
                                "S2",
                                servers.model("S2")
                                        .withBehaviour(shop.behaviour().slower(4))))
                .at(
                        Duration.ofSeconds(10),
                        servers -> servers.crashAndRestart("S5", Duration.ofMillis(50), Duration.ofSeconds(2)))
                .build();
        BalancerSetup setup =
                BalancerSetup.leastRequests().with("ejection", builder -> builder.ejection(Ejection.DEFAULTS));

        SimulationOutcome outcome = Simulation.run(rush, setup, 42);

        assertThat(outcome.successShare()).isGreaterThan(0.999);
        assertThat(outcome.latency(99).orElseThrow()).isLessThan(Duration.ofMillis(100));
        assertThat(outcome.attemptShare("S2")).isLessThan(1 / 8.0);
    }
    // end
}
