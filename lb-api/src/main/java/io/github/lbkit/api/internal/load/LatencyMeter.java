package io.github.lbkit.api.internal.load;

/**
 * The mean latency of one instance, since the last check and over the newest checks that have enough latencies. Confined to the
 * thread that checks.
 */
public final class LatencyMeter {
    /** What the instance's counters had measured at the last checks, oldest first. */
    private final long[] marks;

    private int known = 1;

    /**
     * A meter that counts from here.
     *
     * @param checks how many checks are remembered, 1 or more
     * @param measured what the counters have measured so far, as {@link ServerLoad#measured} tells
     */
    public LatencyMeter(int checks, long measured) {
        marks = new long[checks + 1];
        marks[0] = measured;
    }

    /** A check, with what the counters have measured so far. */
    public void check(long measured) {
        if (known == marks.length) {
            System.arraycopy(marks, 1, marks, 0, marks.length - 1);
            known--;
        }
        marks[known++] = measured;
    }

    /** The mean since the check before the last, in nanoseconds; 0 if nothing was measured. */
    public long newestMean() {
        return known < 2 ? 0 : mean(marks[known - 1] - marks[known - 2]);
    }

    /**
     * The mean over the newest checks that have at least this many latencies together, in nanoseconds; 0 if all that are
     * remembered have fewer.
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
