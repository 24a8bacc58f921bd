package io.github.lbkit.testkit.sim;

import java.time.Duration;

/** When requests come: open, they do not wait for each other. Must draw from what it is given alone. */
@FunctionalInterface
public interface Arrivals {
    /**
     * How long until the next request, 0 or more.
     *
     * @param now how long the simulation has run, for rates that change
     */
    Duration untilNext(Duration now, Draws draws);

    /** So many a second, evenly. */
    static Arrivals constant(double perSecond) {
        Duration gap = gap(perSecond);
        return (now, draws) -> gap;
    }

    /** So many a second on average, independent of each other (a Poisson process). */
    static Arrivals poisson(double perSecond) {
        double mean = gap(perSecond).toNanos();
        return (now, draws) -> Duration.ofNanos(Math.round(mean * draws.exponential()));
    }

    private static Duration gap(double perSecond) {
        if (!(perSecond > 0 && perSecond <= 1e6)) {
            throw new IllegalArgumentException("perSecond " + perSecond + " is not above 0 to 1000000");
        }
        return Duration.ofNanos(Math.round(1e9 / perSecond));
    }
}
