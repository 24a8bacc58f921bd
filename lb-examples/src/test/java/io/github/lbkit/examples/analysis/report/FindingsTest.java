package io.github.lbkit.examples.analysis.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lbkit.examples.analysis.result.Distribution;
import io.github.lbkit.examples.analysis.result.DistributionRun;
import io.github.lbkit.examples.analysis.result.PolicyStudy;
import io.github.lbkit.examples.analysis.result.Recovery;
import io.github.lbkit.examples.load.LoadResult;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** The sentences follow the numbers. */
class FindingsTest {
    private static LoadResult load(long requests, long failed) {
        Histogram latency = new Histogram(3);
        latency.recordValueWithCount(2_000_000, requests - failed);
        return new LoadResult(
                requests,
                0,
                failed == 0 ? Map.of(200, requests) : Map.of(200, requests - failed, 503, failed),
                Map.of(),
                Map.of(),
                0,
                Duration.ofSeconds(2),
                latency);
    }

    private static DistributionRun run(List<Double> shares, List<Long> counts) {
        Map<String, Double> byServer = new LinkedHashMap<>();
        Map<String, Long> answered = new LinkedHashMap<>();
        for (int i = 0; i < shares.size(); i++) {
            byServer.put("Server " + (i + 1), shares.get(i));
            answered.put("Server " + (i + 1), counts.get(i));
        }
        Distribution distribution = Distribution.of(byServer, answered);
        return new DistributionRun(distribution, load(distribution.total(), 0));
    }

    private static String said(List<String> sentences) {
        return String.join(" ", sentences);
    }

    @Test
    void a_distribution_knows_mean_extremes_deviation_and_imbalance() {
        Distribution d = run(List.of(0.5, 0.25, 0.25), List.of(6L, 1L, 2L)).distribution();

        assertThat(List.of(d.mean(), d.imbalance(), d.expectedImbalance())).containsExactly(3.0, 2.0, 1.5);
        assertThat(List.of(d.min(), d.max(), d.total())).containsExactly(1L, 6L, 9L);
        assertThat(d.deviation()).isCloseTo(Math.sqrt(14.0 / 3), within(1e-12));
        assertThat(d.expected()).containsExactly(4.5, 2.25, 2.25);
        assertThat(List.of(d.busiest(), d.idlest())).containsExactly("Server 1", "Server 2");
    }

    @Test
    void an_even_spread_is_called_even_and_its_scatter_explained() {
        DistributionRun even = run(List.of(0.33, 0.33, 0.34), List.of(3310L, 3290L, 3400L));

        assertThat(Findings.verdict(even.distribution()))
                .isEqualTo("Even: Server 3, the busiest, got 1.02 times the mean.");
        assertThat(said(Findings.spread(even, List.of("unused"))))
                .contains("Server 3 got the most, 3,400 of 10,000 requests", "expected and measured agree")
                .contains("33.00 % and 34.00 %", "No request failed")
                .doesNotContain("skew", "unused");
    }

    @Test
    void a_skew_of_the_table_is_reported_with_its_causes() {
        DistributionRun skewed = run(List.of(0.84375, 0.046875, 0.109375), List.of(8437L, 469L, 1094L));

        assertThat(Findings.verdict(skewed.distribution())).startsWith("Uneven: Server 1, the busiest, got 2.53 times");
        assertThat(said(Findings.spread(skewed, List.of("H reaches 87 of 512 slots", "server Server 1 expects much"))))
                .contains("expected and measured agree", "The skew is no accident", "84.38 % of all keys")
                .contains("H reaches 87 of 512 slots.")
                .doesNotContain("expects much");
    }

    @Test
    void counts_that_do_not_follow_their_shares_are_called_out() {
        DistributionRun wrong = run(List.of(0.5, 0.5), List.of(6000L, 4000L));

        assertThat(Findings.fit(wrong.distribution())).contains("do not follow the expected shares");
        assertThat(Findings.agrees(wrong.distribution())).isFalse();
    }

    @Test
    void growth_tells_what_joining_servers_took_off_the_busiest() {
        PolicyStudy skewed = new PolicyStudy(
                "assignment",
                run(List.of(0.5, 0.5), List.of(5000L, 5000L)),
                List.of(
                        run(List.of(0.953, 0.047), List.of(9530L, 470L)),
                        run(List.of(0.79, 0.03, 0.09, 0.09), List.of(7900L, 300L, 900L, 900L))),
                List.of(),
                Optional.empty());

        assertThat(said(Findings.growth(skewed)))
                .contains("From 2 to 4 servers the mean falls from 5,000 to 2,500 requests")
                .contains("up to 3.16 times the mean: the 2 servers that joined took 17.10 % of its load off it")
                .contains("an even spread takes 50.00 %");
    }

    @Test
    void recovery_tells_each_step_and_which_took_longest() {
        Recovery recovery = new Recovery(
                load(40_000, 0),
                3000,
                "Server 3",
                "SIGKILL to its process",
                6.5,
                OptionalDouble.of(6.51),
                OptionalDouble.of(6.52),
                OptionalDouble.of(7.2),
                OptionalDouble.of(7.21),
                0,
                0,
                0.1,
                Map.of(),
                List.of());

        assertThat(said(Findings.recovery(recovery)))
                .contains("None of 40,000 requests failed", "it took 10 ms until the balancer knew")
                .contains("700 ms until a replacement", "710 ms until that had answered")
                .contains("Most of that was starting the new server");
    }

    @Test
    void a_missing_replacement_is_reported() {
        Recovery lost = new Recovery(
                load(100, 3),
                100,
                "S1",
                "kill",
                1,
                OptionalDouble.of(1.5),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                20,
                2,
                0.1,
                Map.of(),
                List.of());

        assertThat(said(Findings.recovery(lost)))
                .contains("5 of 120 requests failed", "longer than this run until a replacement");
    }
}
