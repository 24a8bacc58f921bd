package io.github.lbkit.micrometer;

import io.github.lbkit.api.explain.EjectionReason;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The counters of one server. Thread-safe: the threads of attempts write striped counters, and registries read them.
 */
final class ServerCounters {
    private static final Timer[] NONE = {};

    private final String id;
    private final LongAdder picks = new LongAdder();
    private final Map<AttemptOutcome, LongAdder> outcomes = adders(AttemptOutcome.class);
    private final Map<EjectionReason, LongAdder> ejections = adders(EjectionReason.class);
    private final LongAdder turnedUnhealthy = new LongAdder();
    private final LongAdder turnedHealthy = new LongAdder();

    /** The time at which a replacement became ready, in nanoseconds, until its first attempt; 0 otherwise. */
    private final AtomicLong replacedAt = new AtomicLong();

    /** A timer for each registry. Written under the lock of {@link LbkitMetrics}, read by every attempt that ends. */
    private volatile Timer[] durations = NONE;

    ServerCounters(String id) {
        this.id = id;
    }

    private static <E extends Enum<E>> Map<E, LongAdder> adders(Class<E> type) {
        Map<E, LongAdder> adders = new EnumMap<>(type);
        for (E value : type.getEnumConstants()) {
            adders.put(value, new LongAdder());
        }
        return adders;
    }

    String id() {
        return id;
    }

    LongAdder picks() {
        return picks;
    }

    LongAdder outcome(AttemptOutcome outcome) {
        return of(outcomes, outcome);
    }

    LongAdder ejections(EjectionReason reason) {
        return of(ejections, reason);
    }

    LongAdder verdicts(boolean healthy) {
        return healthy ? turnedHealthy : turnedUnhealthy;
    }

    private static <E extends Enum<E>> LongAdder of(Map<E, LongAdder> adders, E value) {
        LongAdder adder = adders.get(value);
        if (adder == null) {
            throw new IllegalStateException("no counter for " + value);
        }
        return adder;
    }

    void ended(AttemptOutcome outcome, Duration sinceBegin) {
        outcome(outcome).increment();
        Throwable thrown = null;
        for (Timer duration : durations) {
            try {
                duration.record(sinceBegin);
            } catch (RuntimeException | Error e) { // code of a registry may throw anything
                thrown = e;
            }
        }
        Rethrowing.rethrow(thrown);
    }

    /** Notes that the server's replacement is ready; its first attempt ends the recovery. */
    void markReplaced(long nowNanos) {
        replacedAt.set(nowNanos == 0 ? 1 : nowNanos);
    }

    /** Returns the time at which the replacement became ready, to the first caller; 0 to every other caller. */
    long takeReplacedAt() {
        return replacedAt.get() == 0 ? 0 : replacedAt.getAndSet(0);
    }

    void addDuration(Timer timer) {
        Timer[] more = Arrays.copyOf(durations, durations.length + 1);
        more[more.length - 1] = timer;
        durations = more;
    }

    void removeDuration(Timer timer) {
        durations = Arrays.stream(durations).filter(one -> one != timer).toArray(Timer[]::new);
    }
}
