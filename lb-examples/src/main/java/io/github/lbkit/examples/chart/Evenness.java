package io.github.lbkit.examples.chart;

import java.util.List;

/** The test whether counts are even, apart from random variation. Stateless. */
public final class Evenness {
    private static final double TOLERANCE = 1.1;

    /** With equal shares, about one of 10,000 largest counts deviates by more standard deviations. */
    private static final double DEVIATIONS = 4;

    private Evenness() {}

    /**
     * Returns whether the largest count is at most 10 % above the mean, or within the variation of independent draws.
     */
    public static boolean of(List<Long> counts) {
        double total = counts.stream().mapToLong(Long::longValue).sum();
        long largest = counts.stream().mapToLong(Long::longValue).max().orElse(0);
        double mean = total / Math.max(1, counts.size());
        double deviation = Math.sqrt(mean * (1 - 1.0 / Math.max(1, counts.size())));
        return largest <= mean * TOLERANCE || largest <= mean + DEVIATIONS * deviation;
    }
}
