package io.github.lbkit.examples.chart;

import java.util.List;

/** Whether counts are even, as far as chance lets them be. */
public final class Evenness {
    private static final double ALWAYS = 1.1;

    /** Of equal chances, the greatest count is further off about once in ten thousand times. */
    private static final double DEVIATIONS = 4;

    private Evenness() {}

    /** Whether the greatest count is within a tenth of the mean, or within what independent draws scatter. */
    public static boolean of(List<Long> counts) {
        double total = counts.stream().mapToLong(Long::longValue).sum();
        long greatest = counts.stream().mapToLong(Long::longValue).max().orElse(0);
        double mean = total / Math.max(1, counts.size());
        double deviation = Math.sqrt(mean * (1 - 1.0 / Math.max(1, counts.size())));
        return greatest <= mean * ALWAYS || greatest <= mean + DEVIATIONS * deviation;
    }
}
