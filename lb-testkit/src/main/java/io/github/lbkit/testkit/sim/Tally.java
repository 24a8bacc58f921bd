package io.github.lbkit.testkit.sim;

import io.github.lbkit.api.DrainResult;
import io.github.lbkit.api.Scheduler;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts what happens in a simulation. Confined to the simulation's thread. */
final class Tally {
    private final Scheduler scheduler;
    private final Map<String, Load> loads = new TreeMap<>();
    private final Map<String, Long> failures = new TreeMap<>();
    private long[] latencies = new long[1_024];
    private int succeeded;
    private long requests;
    private long open;
    private long attempts;
    private long ejections;
    private DrainResult drained = DrainResult.NOTHING;

    /** What one server has in flight, and had since loads are measured. */
    private static final class Load {
        long attempts;
        long inFlight;
        long sinceNanos;
        /** Attempts in flight, integrated over time. */
        long area;
    }

    Tally(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    void requestBegan() {
        requests++;
        open++;
    }

    void requestSucceeded(long nanos) {
        open--;
        if (succeeded == latencies.length) {
            latencies = Arrays.copyOf(latencies, succeeded * 2);
        }
        latencies[succeeded++] = nanos;
    }

    void requestFailed(String reason) {
        open--;
        failures.merge(reason, 1L, Long::sum);
    }

    void attemptBegan(String id) {
        attempts++;
        Load load = settled(id);
        load.attempts++;
        load.inFlight++;
    }

    void attemptEnded(String id) {
        settled(id).inFlight--;
    }

    void ejected() {
        ejections++;
    }

    void drained(DrainResult result) {
        drained = drained.plus(result);
    }

    /** How many requests have not ended. */
    long open() {
        return open;
    }

    /** The loads of before are not to be measured. */
    void forgetLoads() {
        for (String id : List.copyOf(loads.keySet())) {
            Load load = settled(id);
            load.area = 0;
            load.attempts = 0;
        }
    }

    /** The loads that were measured until now, of these servers. */
    List<ServerOutcome> loads(List<String> ids, long measuredNanos) {
        return ids.stream()
                .map(id -> {
                    Load load = settled(id);
                    return new ServerOutcome(id, load.attempts, (double) load.area / measuredNanos);
                })
                .toList();
    }

    long requests() {
        return requests;
    }

    long attempts() {
        return attempts;
    }

    DrainResult drained() {
        return drained;
    }

    long ejections() {
        return ejections;
    }

    /** How many requests failed, by why. */
    Map<String, Long> failures() {
        return Collections.unmodifiableMap(new TreeMap<>(failures));
    }

    /** How long each request took that succeeded, in nanoseconds, shortest first. */
    long[] sortedLatencies() {
        long[] sorted = Arrays.copyOf(latencies, succeeded);
        Arrays.sort(sorted);
        return sorted;
    }

    private Load settled(String id) {
        long now = scheduler.nanoTime();
        Load load = loads.computeIfAbsent(id, i -> new Load());
        load.area += load.inFlight * (now - load.sinceNanos);
        load.sinceNanos = now;
        return load;
    }
}
