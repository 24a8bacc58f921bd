package io.github.lbkit.examples.load;

/** When requests begin. */
public sealed interface Pace {
    /**
     * Closed loop: each connection sends its next request when the one before has ended. Says how much a balancer can
     * take; its latencies are from sending, so a stall delays those who would have come and is seen by few.
     */
    record AsAnswered() implements Pace {}

    /**
     * Open loop: request k is due k / rate after the first, whoever is slow. Latencies are from when it was due, so a
     * stall counts for every request that came due in it.
     *
     * @param perSecond requests a second, above 0
     */
    record Constant(double perSecond) implements Pace {
        /** Checks. */
        public Constant {
            if (!(perSecond > 0 && perSecond <= 1e6)) {
                throw new IllegalArgumentException("rate " + perSecond + " is not above 0, up to 1000000");
            }
        }

        /** How long after the first request this one is due. */
        long dueNanos(long request) {
            return (long) (request * (1e9 / perSecond));
        }
    }
}
