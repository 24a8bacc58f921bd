package io.github.lbkit.examples.dashboard;

import java.util.concurrent.atomic.LongAdder;

/**
 * A histogram of durations with 256 buckets, four for each power of two nanoseconds. The error of a percentile is at
 * most 20 %. Thread-safe; writers use striped counters.
 */
final class LatencyCounts {
    private static final int BUCKETS = 256;

    private final LongAdder[] counts = new LongAdder[BUCKETS];

    LatencyCounts() {
        for (int i = 0; i < BUCKETS; i++) {
            counts[i] = new LongAdder();
        }
    }

    void add(long nanos) {
        counts[bucket(Math.max(1, nanos))].increment();
    }

    /** Returns all counts since the creation. */
    long[] sums() {
        long[] sums = new long[BUCKETS];
        for (int i = 0; i < BUCKETS; i++) {
            sums[i] = counts[i].sum();
        }
        return sums;
    }

    /** Returns a percentile of the durations between two sums, in nanoseconds; 0 if there were none. */
    static long percentile(long[] before, long[] after, double fraction) {
        long total = 0;
        for (int i = 0; i < BUCKETS; i++) {
            total += after[i] - before[i];
        }
        long rank = (long) Math.ceil(fraction * total);
        long seen = 0;
        for (int i = 0; i < BUCKETS; i++) {
            seen += after[i] - before[i];
            if (total > 0 && seen >= rank) {
                return middle(i);
            }
        }
        return 0;
    }

    private static int bucket(long nanos) {
        int power = 63 - Long.numberOfLeadingZeros(nanos);
        int quarter = power < 2 ? 0 : (int) (nanos >>> (power - 2)) & 3;
        return power * 4 + quarter;
    }

    private static long middle(int bucket) {
        double low = Math.scalb(1 + (bucket % 4) / 4.0, bucket / 4);
        return Math.round(low + Math.scalb(0.125, bucket / 4));
    }
}
