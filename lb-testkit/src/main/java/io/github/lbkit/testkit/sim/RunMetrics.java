package io.github.lbkit.testkit.sim;

import io.github.lbkit.api.DrainResult;
import io.github.lbkit.api.runtime.Scheduler;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The counters of one run of a simulation. Confined to the thread of the simulation. */
final class RunMetrics {
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

    /** The load of one server since the start of the measurement. */
    private static final class Load {
        long attempts;
        long inFlight;
        long updatedNanos;
        /** The integral of attempts in flight over time, in attempts × nanoseconds. */
        long integral;
    }

    RunMetrics(Scheduler scheduler) {
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
        Load load = updated(id);
        load.attempts++;
        load.inFlight++;
    }

    void attemptEnded(String id) {
        updated(id).inFlight--;
    }

    void ejected() {
        ejections++;
    }

    void drained(DrainResult result) {
        drained = drained.plus(result);
    }

    /** The number of requests that have not ended. */
    long open() {
        return open;
    }

    /** Starts the measurement of loads. */
    void startLoadMeasurement() {
        for (String id : List.copyOf(loads.keySet())) {
            Load load = updated(id);
            load.integral = 0;
            load.attempts = 0;
        }
    }

    /** Returns the loads of these servers since the start of the measurement. */
    List<ServerOutcome> loads(List<String> ids, long measuredNanos) {
        return ids.stream()
                .map(id -> {
                    Load load = updated(id);
                    return new ServerOutcome(id, load.attempts, (double) load.integral / measuredNanos);
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

    /** Returns the number of failed requests by reason. */
    Map<String, Long> failures() {
        return Collections.unmodifiableMap(new TreeMap<>(failures));
    }

    /** Returns the latencies of successful requests in nanoseconds, sorted. */
    long[] sortedLatencies() {
        long[] sorted = Arrays.copyOf(latencies, succeeded);
        Arrays.sort(sorted);
        return sorted;
    }

    private Load updated(String id) {
        long now = scheduler.nanoTime();
        Load load = loads.computeIfAbsent(id, i -> new Load());
        load.integral += load.inFlight * (now - load.updatedNanos);
        load.updatedNanos = now;
        return load;
    }
}
