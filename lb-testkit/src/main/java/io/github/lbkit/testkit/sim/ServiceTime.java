package io.github.lbkit.testkit.sim;

import java.time.Duration;

/** How long a server works on an attempt, as a distribution. Must draw from what it is given alone. */
@FunctionalInterface
public interface ServiceTime {
    /** The time of one attempt, 0 or more. */
    Duration draw(Draws draws);

    /** Always the same. */
    static ServiceTime constant(Duration time) {
        positive("time", time);
        return draws -> time;
    }

    /** Anything between these two, both possible. */
    static ServiceTime uniform(Duration least, Duration most) {
        positive("least", least);
        if (most.compareTo(least) < 0) {
            throw new IllegalArgumentException("most " + most + " is not at least " + least);
        }
        double span = most.minus(least).toNanos();
        return draws -> least.plusNanos(Math.round(span * draws.unit()));
    }

    /** Memoryless: mostly short, at times a multiple of the mean. */
    static ServiceTime exponential(Duration mean) {
        positive("mean", mean);
        return draws -> scaled(mean, draws.exponential());
    }

    /**
     * A log-normal distribution: half below the median, with a long tail.
     *
     * @param spread the deviation of the logarithm, 0 or more; at 1 the 99th percentile is ten times the median
     */
    static ServiceTime logNormal(Duration median, double spread) {
        positive("median", median);
        if (!(spread >= 0 && spread <= 5)) {
            throw new IllegalArgumentException("spread " + spread + " is not 0 to 5");
        }
        return draws -> scaled(median, StrictMath.exp(spread * draws.normal()));
    }

    private static Duration scaled(Duration time, double factor) {
        return Duration.ofNanos(Math.round(time.toNanos() * factor));
    }

    private static void positive(String name, Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException(name + " " + time + " is not positive");
        }
    }
}
