package io.github.lbkit.testkit.sim;

import java.time.Duration;

/** A distribution of service times. An implementation must use the given random source alone. */
@FunctionalInterface
public interface ServiceTime {
    /** Returns the service time of one attempt, 0 or more. */
    Duration draw(RandomSource random);

    /** Returns a constant service time. */
    static ServiceTime constant(Duration time) {
        positive("time", time);
        return random -> time;
    }

    /** Returns a uniform distribution between two times, both inclusive. */
    static ServiceTime uniform(Duration min, Duration max) {
        positive("min", min);
        if (max.compareTo(min) < 0) {
            throw new IllegalArgumentException("max " + max + " is below min " + min);
        }
        double span = max.minus(min).toNanos();
        return random -> min.plusNanos(Math.round(span * random.unit()));
    }

    /** Returns an exponential distribution with this mean. */
    static ServiceTime exponential(Duration mean) {
        positive("mean", mean);
        return random -> scaled(mean, random.exponential());
    }

    /**
     * Returns a log-normal distribution, which has a long tail.
     *
     * @param spread the standard deviation of the logarithm, 0 to 5; at 1 the 99th percentile is 10 times the median
     */
    static ServiceTime logNormal(Duration median, double spread) {
        positive("median", median);
        if (!(spread >= 0 && spread <= 5)) {
            throw new IllegalArgumentException("spread " + spread + " is not 0 to 5");
        }
        return random -> scaled(median, StrictMath.exp(spread * random.normal()));
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
