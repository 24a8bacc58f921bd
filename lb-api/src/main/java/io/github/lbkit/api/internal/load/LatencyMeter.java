package io.github.lbkit.api.internal.load;

/**
 * A meter of one instance's mean latency, since the last check and over the newest checks with enough latencies.
 * Confined to the thread that checks.
 */
public final class LatencyMeter {
    /** The measured values of the last checks, oldest first. */
    private final long[] marks;

    private int known = 1;

    /**
     * Creates a meter that begins at this value.
     *
     * @param checks the number of checks to remember, 1 or more
     * @param measured the sum of {@link LoadCounter#measured} over the instance's counters
     */
    public LatencyMeter(int checks, long measured) {
        marks = new long[checks + 1];
        marks[0] = measured;
    }

    /** Adds a check with the current sum of {@link LoadCounter#measured}. */
    public void check(long measured) {
        if (known == marks.length) {
            System.arraycopy(marks, 1, marks, 0, marks.length - 1);
            known--;
        }
        marks[known++] = measured;
    }

    /** Returns the mean between the last two checks, in nanoseconds; 0 without a latency. */
    public long newestMean() {
        return known < 2 ? 0 : mean(marks[known - 1] - marks[known - 2]);
    }

    /**
     * Returns the mean over the newest checks that together have at least this number of latencies, in nanoseconds; 0
     * if all remembered checks have fewer.
     */
    public long recentMean(int least) {
        for (int from = known - 2; from >= 0; from--) {
            long measured = marks[known - 1] - marks[from];
            if (LoadCounter.count(measured) >= least) {
                return mean(measured);
            }
        }
        return 0;
    }

    private static long mean(long measured) {
        long count = LoadCounter.count(measured);
        return count == 0 ? 0 : Math.max(1, LoadCounter.sumNanos(measured) / count);
    }
}
