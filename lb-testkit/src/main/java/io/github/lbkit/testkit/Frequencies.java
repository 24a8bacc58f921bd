package io.github.lbkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts of independent draws with a test of their distribution: Pearson's chi-square over all outcomes that are
 * expected {@value #MIN_EXPECTED} times or more; rarer outcomes are added up. A correct distribution fails less than
 * once in 10^11 checks. Not thread-safe.
 */
public final class Frequencies {
    private static final double MIN_EXPECTED = 100;

    /** A quantile of the normal distribution, exceeded once in 2 · 10^11 draws. */
    private static final double Z = 6.8;

    /** −ln(10^−12), for the Poisson bound on rare outcomes. */
    private static final double L = 27.7;

    private final Map<String, Long> counts = new HashMap<>();
    private long draws;

    /** Creates counts without draws. */
    public Frequencies() {}

    /** Counts one draw. */
    public void count(String outcome) {
        counts.merge(outcome, 1L, Long::sum);
        draws++;
    }

    /**
     * Checks that the counts fit these probabilities.
     *
     * @param probabilities the probability of each outcome; a missing outcome has 0
     * @throws AssertionError if the probabilities do not sum to 1, or the counts do not fit them
     */
    public void assertFit(Map<String, Double> probabilities) {
        Map<String, Double> sorted = new TreeMap<>(probabilities);
        assertThat(sorted.values().stream().mapToDouble(p -> p).sum())
                .as("sum of probabilities %s", sorted)
                .isBetween(1 - 1e-9, 1 + 1e-9);
        double chiSquare = 0;
        int terms = 0;
        double rareExpected = 0;
        long rare = draws;
        for (Map.Entry<String, Double> entry : sorted.entrySet()) {
            double expected = entry.getValue() * draws;
            if (expected < MIN_EXPECTED) {
                rareExpected += expected;
            } else {
                long count = counts.getOrDefault(entry.getKey(), 0L);
                rare -= count;
                chiSquare += square(count - expected) / expected;
                terms++;
            }
        }
        double slack = Math.sqrt(2 * rareExpected * L) + L;
        if (rareExpected >= MIN_EXPECTED) {
            chiSquare += square(rare - rareExpected) / rareExpected;
            terms++;
        } else {
            assertThat((double) rare)
                    .as("draws of rare outcomes; counts %s of %s draws, expected %s", counts, draws, sorted)
                    .isBetween(rareExpected - slack, rareExpected == 0 ? 0 : rareExpected + slack);
        }
        if (terms > 1) {
            assertThat(chiSquare)
                    .as("chi-square of %s in %s draws, expected %s", counts, draws, sorted)
                    .isLessThan(quantile(terms - 1));
        }
    }

    /**
     * Returns a quantile of chi-square by Wilson and Hilferty; for few degrees of freedom too large, never too small.
     */
    private static double quantile(int freedom) {
        double spread = 2.0 / (9 * freedom);
        return freedom * Math.pow(1 - spread + Z * Math.sqrt(spread), 3);
    }

    private static double square(double x) {
        return x * x;
    }
}
