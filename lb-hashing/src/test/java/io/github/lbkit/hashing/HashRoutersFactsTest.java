package io.github.lbkit.hashing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.explain.Plan;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The figures in the Javadoc of {@link HashRouters}: means over five sets of ids, within the rounding of the figures.
 */
class HashRoutersFactsTest {
    private static final int SETS = 5;

    private static final Map<String, Function<List<Member>, HashRouter>> ROUTERS = Map.of(
            "claim table", HashRouters::claimTable,
            "capped 0.05", members -> HashRouters.capped(members, 128, 0.05),
            "capped 0", members -> HashRouters.capped(members, 128, 0),
            "ring", members -> HashRouters.ring(members, 100),
            "maglev", members -> HashRouters.maglev(members, 128),
            "envoy ring", members -> HashRouters.envoyRing(members, EnvoyRingOptions.DEFAULTS));

    @ParameterizedTest
    @CsvSource({
        "claim table, 100, 1, 0.0001",
        "ring, 100, 1, 0.0001",
        "capped 0.05, 100, 1.01, 0.01",
        "capped 0.05, 1000, 1.35, 0.05",
        "capped 0, 100, 1.3, 0.05",
        "capped 0, 1000, 2.3, 0.1",
        "maglev, 10, 1.03, 0.01",
        "maglev, 100, 1.6, 0.05",
        "maglev, 1000, 6.7, 0.1",
        "envoy ring, 102, 10, 1"
    })
    void a_server_that_joins_moves_the_documented_multiple_of_the_least_keys(
            String router, int servers, double times, double rounding) {
        double sum = 0;
        for (int set = 0; set < SETS; set++) {
            HashRouter before = router(router, set, servers);
            HashRouter after = before.with(new Member("joins", 1));
            int joined = after.members().indexOf(new Member("joins", 1));
            sum += before.movesTo(after).stream().mapToDouble(Plan.Move::share).sum() / after.share(joined);
        }

        assertThat(sum / SETS).isCloseTo(times, within(rounding));
    }

    @ParameterizedTest
    @CsvSource({
        "claim table, 100, 1.07, 0.93, 0.02",
        "capped 0.05, 1000, 1.05, 0.73, 0.02",
        "capped 0, 1000, 1.01, 0.79, 0.02",
        "ring, 10, 1.16, 0.85, 0.06",
        "ring, 100, 1.26, 0.76, 0.04",
        "ring, 1000, 1.35, 0.71, 0.03"
    })
    void the_most_and_the_least_loaded_server_have_the_documented_multiple_of_their_share(
            String router, int servers, double most, double least, double rounding) {
        double sumOfMost = 0;
        double sumOfLeast = 0;
        for (int set = 0; set < SETS; set++) {
            HashRouter made = router(router, set, servers);
            sumOfMost += ClaimTableTest.peak(made);
            sumOfLeast +=
                    IntStream.range(0, servers).mapToDouble(made::share).min().orElse(0) * servers;
        }

        assertThat(sumOfMost / SETS).isCloseTo(most, within(rounding));
        assertThat(sumOfLeast / SETS).isCloseTo(least, within(rounding));
    }

    private static HashRouter router(String name, int set, int servers) {
        return ROUTERS.getOrDefault(name, HashRouters::rendezvous)
                .apply(IntStream.range(0, servers)
                        .mapToObj(i -> new Member("set " + set + " server " + i, 1))
                        .toList());
    }
}
