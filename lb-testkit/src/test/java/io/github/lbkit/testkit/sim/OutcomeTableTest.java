package io.github.lbkit.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutcomeTableTest {
    private static final ServerModel GOOD =
            new ServerModel(Behaviour.serving(ServiceTime.constant(Duration.ofMillis(5))), 10, 0);

    @Test
    void success_is_rounded_down_and_empty_columns_are_left_out() {
        Scenario.Builder fewer = Scenario.named("almost")
                .arrivals(Arrivals.constant(2_000))
                .servers(2, GOOD.withCapacity(100, 0))
                .client(Client.DEFAULTS.withIdempotentShare(0))
                .at(Duration.ofMillis(1_002), servers -> servers.crash("S1"));
        SimulationOutcome almost = Simulation.run(fewer.build(), BalancerSetup.roundRobin(), 1);
        SimulationOutcome all = Simulation.run(
                Scenario.named("all").servers(2, GOOD.withCapacity(100, 0)).build(), BalancerSetup.random(), 1);

        String table = OutcomeTable.of(List.of(almost, all));

        assertThat(almost.failed()).isBetween(1L, 9L);
        assertThat(table.lines()).hasSize(4);
        assertThat(table.lines().toList().get(0))
                .isEqualTo("| policy | success | failed | p50 | p99 | attempts/request | max/mean attempts |"
                        + " max/mean in flight |");
        assertThat(table.lines().toList().get(2)).startsWith("| round-robin | 99.9 % | ");
        assertThat(table.lines().toList().get(3)).startsWith("| random | 100.0 % | 0 | 5.0 ms | 5.0 ms | 1.000 | ");
    }

    @Test
    void a_run_without_success_has_no_latency() {
        Scenario scenario =
                Scenario.named("none").duration(Duration.ofMillis(100)).build();

        String table = OutcomeTable.of(List.of(Simulation.run(scenario, BalancerSetup.random(), 1)));

        assertThat(table).contains("| random | 0.0 % | ").contains("| – | – | 0.000 | 0.00 | 0.00 |");
    }

    @Test
    void percent_is_rounded_to_one_digit() {
        assertThat(OutcomeTable.percent(0.12345)).isEqualTo("12.3 %");
        assertThat(OutcomeTable.percent(1.8)).isEqualTo("180.0 %");
        assertThat(OutcomeTable.percent(0)).isEqualTo("0.0 %");
    }
}
