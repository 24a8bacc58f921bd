package io.github.lbkit.micrometer;

import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.PoolEvent;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A tracker of launches and recoveries, which counts the launches in progress and times each phase of a recovery.
 * Guarded by its monitor.
 */
final class RecoveryTracker {
    private final PoolCounters counters;
    private final LongSupplier nanoTime;
    private final BiConsumer<Phase, Duration> recordPhase;
    private final Consumer<Duration> recordLaunch;

    /** The time of each loss by server id, until the launch of the replacement. */
    private final Map<String, Long> lostAt = new HashMap<>();

    /** The ids of the servers whose replacements were launched and are not ready yet. */
    private final Set<String> recovering = new HashSet<>();

    private final Set<InstanceId> launching = new HashSet<>();

    /** The phases of a recovery, in their order. */
    enum Phase {
        /** From the loss to the launch of the replacement. */
        RELAUNCH,
        /** From the launch until the replacement is ready. */
        START,
        /** From then until the first attempt on the replacement. */
        FIRST_REQUEST
    }

    RecoveryTracker(
            PoolCounters counters,
            LongSupplier nanoTime,
            BiConsumer<Phase, Duration> recordPhase,
            Consumer<Duration> recordLaunch) {
        this.counters = counters;
        this.nanoTime = nanoTime;
        this.recordPhase = recordPhase;
        this.recordLaunch = recordLaunch;
    }

    synchronized int launching() {
        return launching.size();
    }

    synchronized void onEvent(PoolEvent.OfServer event) {
        InstanceId key = event.instance();
        if (event instanceof PoolEvent.Launching launched) {
            launching.add(key);
            launched(launched);
        } else {
            launching.remove(key);
            ended(event);
        }
    }

    private void launched(PoolEvent.Launching event) {
        if (event.replacement()) {
            counters.respawns.increment();
        }
        Long lost = lostAt.remove(event.id());
        if (lost != null) {
            recovering.add(event.id());
            recordPhase.accept(Phase.RELAUNCH, Duration.ofNanos(nanoTime.getAsLong() - lost));
        }
    }

    private void ended(PoolEvent.OfServer event) {
        if (event instanceof PoolEvent.Ready ready) {
            recordLaunch.accept(ready.sinceLaunch());
            if (recovering.remove(ready.id())) {
                recordPhase.accept(Phase.START, ready.sinceLaunch());
                counters.of(ready.id()).markReplaced(nanoTime.getAsLong());
            }
        } else if (event instanceof PoolEvent.Lost lost) {
            counters.losses.increment();
            lostAt.put(lost.id(), nanoTime.getAsLong());
        } else if (event instanceof PoolEvent.LaunchFailed) {
            counters.launchFailures.increment();
        } else if (event instanceof PoolEvent.Drained drained) {
            counters.drains.increment();
            counters.drainedFinished.add(drained.result().finished());
            counters.drainedCut.add(drained.result().cut());
        }
    }

    /** Removes a server that has left. */
    synchronized void forget(String id) {
        lostAt.remove(id);
        recovering.remove(id);
    }
}
