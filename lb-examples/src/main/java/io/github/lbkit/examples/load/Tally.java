package io.github.lbkit.examples.load;

import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** The counts of a run, with each request counted once. Confined to the generator's thread. */
final class Tally {
    private static final long MAX_NANOS = Duration.ofHours(1).toNanos();
    private static final int DIGITS = 3;

    private final LoadObserver observer;
    private final Map<Integer, Long> statuses = new TreeMap<>();
    private final Map<LoadFailure, Long> failures = new EnumMap<>(LoadFailure.class);
    private final Map<String, Long> servers = new HashMap<>();
    private final Histogram latency = new Histogram(MAX_NANOS, DIGITS);
    private long unnamed;
    private long ended;

    Tally(LoadObserver observer) {
        this.observer = observer;
    }

    void answered(long atNanos, long latencyNanos, int status, byte[] body, int length) {
        Optional<String> server = status == 200 ? ServerName.in(body, length) : Optional.empty();
        statuses.merge(status, 1L, Long::sum);
        if (server.isPresent()) {
            servers.merge(server.get(), 1L, Long::sum);
        } else if (status == 200) {
            unnamed++;
        }
        latency.recordValue(Math.max(0, Math.min(latencyNanos, MAX_NANOS)));
        ended++;
        observer.answered(atNanos, status, server);
    }

    void failed(long atNanos, LoadFailure failure) {
        failures.merge(failure, 1L, Long::sum);
        ended++;
        observer.failed(atNanos, failure);
    }

    long ended() {
        return ended;
    }

    LoadResult result(long planned, long elapsedNanos) {
        return new LoadResult(
                planned,
                planned - ended,
                statuses,
                failures,
                servers,
                unnamed,
                Duration.ofNanos(elapsedNanos),
                latency);
    }
}
