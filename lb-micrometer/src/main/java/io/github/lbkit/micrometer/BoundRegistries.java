package io.github.lbkit.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The registries that show one balancer. Each method serves all registries, even if some of them throw, and then throws
 * the last exception. Timers are thread-safe; the caller guards {@link #bind}, {@link #follow} and {@link #unbind} by
 * one monitor.
 */
final class BoundRegistries {
    /** Held while a registry is bound, so that checking the balancer name and registering its meters is one step. */
    private static final Object BIND_LOCK = new Object();

    private final List<BoundMeters> bound = new CopyOnWriteArrayList<>();

    /**
     * Registers all meters of the balancer.
     *
     * @throws IllegalStateException if ids of these meters are in use in the registry, which is then unchanged
     */
    void bind(MeterRegistry registry, BoundMeters.MeterSources balancer) {
        synchronized (BIND_LOCK) {
            MeterRegistration.requireUnusedName(registry, balancer.name());
            BoundMeters meters = new BoundMeters(registry, balancer);
            try {
                meters.join(balancer.counters().servers());
            } catch (RuntimeException | Error e) {
                meters.unbind();
                throw e;
            }
            bound.add(meters);
        }
    }

    /** Removes the meters of servers that have left, and registers the meters of new servers. */
    void follow(PoolCounters counters, List<String> left) {
        forEach(meters -> {
            left.forEach(meters::leave);
            meters.join(counters.servers());
        });
    }

    /** Removes all meters. */
    void unbind() {
        try {
            forEach(BoundMeters::unbind);
        } finally {
            bound.clear();
        }
    }

    void responded(Duration sinceBegin) {
        Throwable thrown = null;
        for (BoundMeters meters : bound) { // runs for every request, therefore without an object for the action
            try {
                meters.responded(sinceBegin);
            } catch (RuntimeException | Error e) {
                thrown = e;
            }
        }
        Rethrowing.rethrow(thrown);
    }

    void launched(Duration sinceLaunch) {
        forEach(meters -> meters.launched(sinceLaunch));
    }

    void recordPhase(RecoveryTracker.Phase phase, Duration time) {
        forEach(meters -> meters.recordPhase(phase, time));
    }

    private void forEach(Consumer<BoundMeters> action) {
        Throwable thrown = null;
        for (BoundMeters meters : bound) {
            try {
                action.accept(meters);
            } catch (RuntimeException | Error e) { // code of a registry may throw anything
                thrown = e;
            }
        }
        Rethrowing.rethrow(thrown);
    }
}
