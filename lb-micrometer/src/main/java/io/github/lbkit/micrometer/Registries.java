package io.github.lbkit.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The registries in which one balancer is shown. A registry that throws keeps nothing from the others: each method serves all
 * of them and then throws what the last of those threw. Timers are thread-safe; the caller guards {@link #bind}, {@link
 * #follow} and {@link #unbind} by one monitor.
 */
final class Registries {
    /** Held while a registry is bound: checking that a balancer name is free and registering its meters is one step. */
    private static final Object BINDING = new Object();

    private final List<BoundMeters> bound = new CopyOnWriteArrayList<>();

    /**
     * Registers every meter of the balancer.
     *
     * @throws IllegalStateException if ids of these meters are in use in the registry, which then stays as it is
     */
    void bind(MeterRegistry registry, BoundMeters.Counted balancer) {
        synchronized (BINDING) {
            Registering.requireFree(registry, balancer.name());
            BoundMeters meters = new BoundMeters(registry, balancer);
            try {
                meters.join(balancer.tally().servers());
            } catch (RuntimeException | Error e) {
                meters.unbind();
                throw e;
            }
            bound.add(meters);
        }
    }

    /** Removes the meters of servers that have left, and registers those of servers that are new. */
    void follow(PoolTally tally, List<String> left) {
        forEach(meters -> {
            left.forEach(meters::leave);
            meters.join(tally.servers());
        });
    }

    /** Removes every meter. */
    void unbind() {
        try {
            forEach(BoundMeters::unbind);
        } finally {
            bound.clear();
        }
    }

    void responded(Duration sinceBegin) {
        Throwable thrown = null;
        for (BoundMeters meters : bound) { // of every request: without an object for the action
            try {
                meters.responded(sinceBegin);
            } catch (RuntimeException | Error e) {
                thrown = e;
            }
        }
        throwAgain(thrown);
    }

    void launched(Duration sinceLaunch) {
        forEach(meters -> meters.launched(sinceLaunch));
    }

    void phaseTook(Recoveries.Phase phase, Duration time) {
        forEach(meters -> meters.phaseTook(phase, time));
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
        throwAgain(thrown);
    }

    /**
     * Throws this again.
     *
     * @param thrown an unchecked exception or an error; nothing happens if it is null
     */
    static void throwAgain(@Nullable Throwable thrown) {
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
    }
}
