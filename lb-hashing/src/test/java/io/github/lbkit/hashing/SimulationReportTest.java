package io.github.lbkit.hashing;

import static io.github.lbkit.hashing.SimulationReport.BOUNDED;
import static io.github.lbkit.hashing.SimulationReport.LEAST_REQUESTS;
import static io.github.lbkit.hashing.SimulationReport.RENDEZVOUS;
import static io.github.lbkit.hashing.SimulationReport.ROUND_ROBIN;
import static io.github.lbkit.hashing.SimulationReport.withProtection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lbkit.testkit.sim.Scenario;
import io.github.lbkit.testkit.sim.Scenarios;
import io.github.lbkit.testkit.sim.SimulationOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Compares docs/simulation.md with the simulation, so that a change of behaviour is visible as a change of that file.
 * With the system property {@code lbkit.report} set to {@code write}, writes the report instead.
 */
class SimulationReportTest {
    private static final Path FILE = Path.of("..", "docs", "simulation.md");
    private static final String BEGIN = "<!-- from here on written by SimulationReportTest -->\n";
    private static final SimulationReport REPORT = new SimulationReport();

    private static Map<String, SimulationOutcome> outcomes(Scenario scenario) {
        return REPORT.of(scenario);
    }

    private static SimulationOutcome outcome(Scenario scenario, String setup) {
        return REPORT.of(scenario, setup);
    }

    private static Duration p99(Scenario scenario, String setup) {
        return outcome(scenario, setup).latency(99).orElseThrow();
    }

    @Test
    void the_committed_report_is_what_the_simulation_says() throws IOException {
        String committed = Files.readString(FILE);
        int begin = committed.indexOf(BEGIN) + BEGIN.length();
        assertThat(begin).as("the mark where the report begins").isGreaterThan(BEGIN.length());
        String report = REPORT.markdown();

        if (System.getProperty("lbkit.report", "").equals("write")) {
            Files.writeString(FILE, committed.substring(0, begin) + report);
        } else {
            assertThat(report)
                    .as("the report; if the change is intended, write it with -Dlbkit.report=write and commit it")
                    .isEqualTo(committed.substring(begin));
        }
    }

    @Test
    void a_slow_server_gets_few_attempts_from_least_requests_and_with_ejection() {
        Scenario scenario = Scenarios.oneSlowServer();

        assertThat(outcome(scenario, ROUND_ROBIN).attemptShare("S1")).isCloseTo(0.2, within(0.001));
        assertThat(outcome(scenario, LEAST_REQUESTS).attemptShare("S1")).isLessThan(0.1);
        assertThat(p99(scenario, withProtection(ROUND_ROBIN)).multipliedBy(2)).isLessThan(p99(scenario, ROUND_ROBIN));
    }

    @Test
    void a_server_that_fails_fast_attracts_load_based_policies_until_it_is_ejected() {
        for (Scenario scenario : new Scenario[] {Scenarios.fast503s(), Scenarios.flapping()}) {
            long even = outcome(scenario, ROUND_ROBIN).failed();

            assertThat(outcome(scenario, LEAST_REQUESTS).failed()).isGreaterThan(even * 3 / 2);
            assertThat(outcome(scenario, BOUNDED).failed()).isGreaterThan(even * 3 / 2);
            assertProtectedFailLessThan(scenario, 40);
        }
    }

    @Test
    void a_black_hole_costs_few_requests_with_least_requests_and_with_ejection() {
        Scenario scenario = Scenarios.blackHole();

        assertThat(p99(scenario, ROUND_ROBIN)).isGreaterThan(Duration.ofSeconds(1));
        assertThat(outcome(scenario, LEAST_REQUESTS).failed()).isLessThan(20);
        assertProtectedFailLessThan(scenario, 40);
    }

    @Test
    void while_all_servers_are_down_requests_fail_at_once_and_later_ones_succeed() {
        assertThat(outcomes(Scenarios.allDownThenBack()).values()).allSatisfy(outcome -> {
            // a Poisson count of mean 3,000 has a deviation of 55
            assertThat(outcome.failed()).isBetween(3_000L - 6 * 55, 3_000L + 6 * 55);
            assertThat(outcome.latency(99).orElseThrow()).isLessThan(Duration.ofMillis(60));
            assertThat(outcome.movedKeys().orElse(0)).isZero();
        });
    }

    @Test
    void a_rolling_deploy_fails_no_request_and_moves_no_key() {
        Scenario scenario = Scenarios.rollingDeploy();

        assertThat(outcomes(scenario).values()).allSatisfy(outcome -> {
            assertThat(outcome.failed()).isZero();
            assertThat(outcome.drained().cut()).isZero();
            assertThat(outcome.movedKeys().orElse(0)).isZero();
        });
        assertThat(p99(scenario, withProtection(ROUND_ROBIN))).isLessThan(p99(scenario, ROUND_ROBIN));
        assertThat(p99(scenario, LEAST_REQUESTS)).isLessThan(p99(scenario, withProtection(ROUND_ROBIN)));
    }

    @Test
    void a_load_factor_caps_what_a_hot_key_does_to_its_server() {
        Scenario scenario = Scenarios.hotKey();

        assertThat(outcome(scenario, RENDEZVOUS).maxOverMeanAttempts()).isGreaterThan(2);
        assertThat(outcome(scenario, RENDEZVOUS).failed()).isGreaterThan(1_000);
        assertThat(outcome(scenario, BOUNDED).maxOverMeanInFlight()).isLessThan(1.3);
        assertThat(outcome(scenario, BOUNDED).failed()).isZero();
        assertThat(outcome(scenario, withProtection(RENDEZVOUS)).failed())
                .as("ejection makes the overload no worse")
                .isLessThanOrEqualTo(outcome(scenario, RENDEZVOUS).failed());
    }

    @Test
    void growth_moves_the_minimum_of_keys() {
        Scenario scenario = Scenarios.scaleFrom2To200();

        assertThat(outcome(scenario, RENDEZVOUS).movedKeys().orElseThrow()).isCloseTo(1.8, within(1e-9));
        assertThat(outcomes(scenario).values())
                .allSatisfy(outcome -> assertThat(outcome.servers()).hasSize(200));
        assertThat(outcome(scenario, withProtection(ROUND_ROBIN)).failed())
                .isGreaterThan(outcome(scenario, ROUND_ROBIN).failed());
    }

    private static void assertProtectedFailLessThan(Scenario scenario, long most) {
        assertThat(outcomes(scenario).values())
                .filteredOn(outcome -> outcome.setup().endsWith("protection"))
                .hasSize(4)
                .allSatisfy(outcome -> assertThat(outcome.failed()).isLessThan(most));
    }
}
