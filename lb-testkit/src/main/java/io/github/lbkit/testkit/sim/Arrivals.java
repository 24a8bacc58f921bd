package io.github.lbkit.testkit.sim;

import java.time.Duration;

/**
 * The arrival times of requests (an open workload: requests do not wait for each other). An implementation must use the
 * given random source alone.
 */
@FunctionalInterface
public interface Arrivals {
    /**
     * Returns the time until the next request, 0 or more.
     *
     * @param now the simulated time since the start, for rates that change
     */
    Duration untilNext(Duration now, RandomSource random);

    /** Returns evenly spaced arrivals at this rate per second. */
    static Arrivals constant(double perSecond) {
        Duration gap = gap(perSecond);
        return (now, random) -> gap;
    }

    /** Returns a Poisson process with this mean rate per second. */
    static Arrivals poisson(double perSecond) {
        double mean = gap(perSecond).toNanos();
        return (now, random) -> Duration.ofNanos(Math.round(mean * random.exponential()));
    }

    private static Duration gap(double perSecond) {
        if (!(perSecond > 0 && perSecond <= 1e6)) {
            throw new IllegalArgumentException("perSecond " + perSecond + " is not above 0 and at most 1000000");
        }
        return Duration.ofNanos(Math.round(1e9 / perSecond));
    }
}
