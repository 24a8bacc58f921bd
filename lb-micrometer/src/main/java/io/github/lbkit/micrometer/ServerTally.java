package io.github.lbkit.micrometer;

import io.github.lbkit.api.EjectionReason;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What was counted of one server. Thread-safe; whoever ends attempts writes striped counters, registries read them. */
final class ServerTally {
    private static final Timer[] NONE = {};

    private final String id;
    private final LongAdder picks = new LongAdder();
    private final Map<Outcome, LongAdder> outcomes = adders(Outcome.class);
    private final Map<EjectionReason, LongAdder> ejections = adders(EjectionReason.class);
    private final LongAdder turnedUnhealthy = new LongAdder();
    private final LongAdder turnedHealthy = new LongAdder();

    /** When a replacement became ready that has had no attempt yet, in nanoseconds; 0 if none has. */
    private final AtomicLong awaitsFirstSince = new AtomicLong();

    /** One a registry. Written under the tally's lock, read by every attempt that ends. */
    private volatile Timer[] durations = NONE;

    ServerTally(String id) {
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

    LongAdder outcome(Outcome outcome) {
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

    void ended(Outcome outcome, Duration sinceBegin) {
        outcome(outcome).increment();
        for (Timer duration : durations) {
            duration.record(sinceBegin);
        }
    }

    /** The server's replacement is ready; its first attempt ends the recovery. */
    void awaitFirst(long nowNanos) {
        awaitsFirstSince.set(nowNanos == 0 ? 1 : nowNanos);
    }

    /** Since when the first attempt was waited for, for the one caller that makes it; 0 for all others. */
    long takeFirst() {
        return awaitsFirstSince.get() == 0 ? 0 : awaitsFirstSince.getAndSet(0);
    }

    void addDuration(Timer timer) {
        Timer[] more = Arrays.copyOf(durations, durations.length + 1);
        more[more.length - 1] = timer;
        durations = more;
    }

    void removeDurations() {
        durations = NONE;
    }
}
