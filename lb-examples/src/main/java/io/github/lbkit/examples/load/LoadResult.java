package io.github.lbkit.examples.load;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * The result of a run. Immutable, except for the histogram.
 *
 * @param planned the number of planned requests
 * @param unfinished the number of requests that were not sent or not answered within the limit
 * @param statuses the number of answers by status
 * @param failures the number of requests without an answer, by reason; only reasons that occurred
 * @param servers the number of answers with status 200 by the server that the body names
 * @param unnamed the number of answers with status 200 that name no server
 * @param elapsed the time from the first request to the last end
 * @param latency the latencies of answers, in nanoseconds
 */
public record LoadResult(
        long planned,
        long unfinished,
        Map<Integer, Long> statuses,
        Map<LoadFailure, Long> failures,
        Map<String, Long> servers,
        long unnamed,
        Duration elapsed,
        Histogram latency) {
    /** Copies and sorts the maps. */
    public LoadResult {
        statuses = Collections.unmodifiableMap(new TreeMap<>(statuses));
        failures = Collections.unmodifiableMap(new TreeMap<>(failures));
        servers = Collections.unmodifiableMap(new TreeMap<>(servers));
    }

    /** Returns the number of answers with any status. */
    public long answered() {
        return sum(statuses);
    }

    /** Returns the number of answers with a status from 200 to 399. */
    public long succeeded() {
        return statuses.entrySet().stream()
                .filter(e -> e.getKey() < 400)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Returns the number of requests without an answer, unfinished, or with a status of 400 or above. */
    public long failed() {
        return planned - succeeded();
    }

    /** Returns the rate of answers, per second. */
    public double perSecond() {
        return elapsed.isZero() ? 0 : answered() * 1e9 / elapsed.toNanos();
    }

    /** Returns a percentile of the latencies, in milliseconds. */
    public double millisAt(double percentile) {
        return latency.getTotalCount() == 0 ? 0 : latency.getValueAtPercentile(percentile) / 1e6;
    }

    private static long sum(Map<?, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
