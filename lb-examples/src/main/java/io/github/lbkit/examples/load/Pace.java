package io.github.lbkit.examples.load;

/** The times at which requests begin. */
public sealed interface Pace {
    /**
     * A closed loop: each connection sends its next request after the end of the one before. It measures the capacity
     * of a balancer. Latencies count from sending, so a stall is visible in few of them.
     */
    record ClosedLoop() implements Pace {}

    /**
     * An open loop: request k is due k / rate seconds after the first one, however slow the answers are. Latencies
     * count from the due time, so a stall is visible in every request that became due during it.
     *
     * @param perSecond the rate in requests per second, above 0
     */
    record ConstantRate(double perSecond) implements Pace {
        /** Checks the range. */
        public ConstantRate {
            if (!(perSecond > 0 && perSecond <= 1e6)) {
                throw new IllegalArgumentException("rate " + perSecond + " is not above 0, up to 1000000");
            }
        }

        /** Returns the due time of a request after the first one, in nanoseconds. */
        long dueNanos(long request) {
            return (long) (request * (1e9 / perSecond));
        }
    }
}
