package io.github.lbkit.examples.load;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What became of every request of a run. Immutable, unless someone writes into the histogram.
 *
 * @param planned how many there should be
 * @param unfinished how many the limit left unsent or unanswered
 * @param statuses answers by status
 * @param failures requests without answer, by kind; only kinds that occurred
 * @param servers answers of 200 by the server that their body names
 * @param unnamed answers of 200 that name no server
 * @param elapsed from the first request to the last end
 * @param latency of answers, in nanoseconds
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
    /** Copies the maps, sorted. */
    public LoadResult {
        statuses = Collections.unmodifiableMap(new TreeMap<>(statuses));
        failures = Collections.unmodifiableMap(new TreeMap<>(failures));
        servers = Collections.unmodifiableMap(new TreeMap<>(servers));
    }

    /** How many got an answer of any status. */
    public long answered() {
        return sum(statuses);
    }

    /** How many got a whole answer of 200 to 399. */
    public long succeeded() {
        return statuses.entrySet().stream()
                .filter(e -> e.getKey() < 400)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** How many did not: without answer, unfinished, or answered by 400 and above. */
    public long failed() {
        return planned - succeeded();
    }

    /** Answers a second. */
    public double perSecond() {
        return elapsed.isZero() ? 0 : answered() * 1e9 / elapsed.toNanos();
    }

    /** The latency that this share of the answers was within, 0 to 100, in milliseconds. */
    public double millisAt(double percentile) {
        return latency.getTotalCount() == 0 ? 0 : latency.getValueAtPercentile(percentile) / 1e6;
    }

    private static long sum(Map<?, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
