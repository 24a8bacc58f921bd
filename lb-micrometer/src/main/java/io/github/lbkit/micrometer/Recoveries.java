package io.github.lbkit.micrometer;

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
 * Follows pool events: what is being launched, and how long each phase of a recovery takes. Guarded by its monitor;
 * registries read the number that is being launched.
 */
final class Recoveries {
    private final PoolTally tally;
    private final LongSupplier nanoTime;
    private final BiConsumer<Phase, Duration> phaseTook;
    private final Consumer<Duration> launchTook;

    /** When each was lost, by id, until its replacement is launched. */
    private final Map<String, Long> lostAt = new HashMap<>();

    /** Those that are being replaced after a loss, by id. */
    private final Set<String> recovering = new HashSet<>();

    private final Set<InstanceKey> launching = new HashSet<>();

    /** What a recovery consists of, one after the other. */
    enum Phase {
        /** From the loss to the launch of the replacement. */
        RELAUNCH,
        /** From the launch until the replacement is ready. */
        START,
        /** From then on to its first attempt. */
        FIRST_REQUEST
    }

    private record InstanceKey(String id, long generation) {}

    Recoveries(
            PoolTally tally,
            LongSupplier nanoTime,
            BiConsumer<Phase, Duration> phaseTook,
            Consumer<Duration> launchTook) {
        this.tally = tally;
        this.nanoTime = nanoTime;
        this.phaseTook = phaseTook;
        this.launchTook = launchTook;
    }

    synchronized int launching() {
        return launching.size();
    }

    synchronized void happened(PoolEvent.OfServer event) {
        InstanceKey key = new InstanceKey(event.id(), event.generation());
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
            tally.respawns.increment();
        }
        Long lost = lostAt.remove(event.id());
        if (lost != null) {
            recovering.add(event.id());
            phaseTook.accept(Phase.RELAUNCH, Duration.ofNanos(nanoTime.getAsLong() - lost));
        }
    }

    private void ended(PoolEvent.OfServer event) {
        if (event instanceof PoolEvent.Ready ready) {
            launchTook.accept(ready.sinceLaunch());
            if (recovering.remove(ready.id())) {
                phaseTook.accept(Phase.START, ready.sinceLaunch());
                tally.of(ready.id()).awaitFirst(nanoTime.getAsLong());
            }
        } else if (event instanceof PoolEvent.Lost lost) {
            tally.losses.increment();
            lostAt.put(lost.id(), nanoTime.getAsLong());
        } else if (event instanceof PoolEvent.LaunchFailed) {
            tally.launchFailures.increment();
        } else if (event instanceof PoolEvent.Drained drained) {
            tally.drains.increment();
            tally.drainedFinished.add(drained.result().finished());
            tally.drainedCut.add(drained.result().cut());
        }
    }

    /** Forgets a server that has left. */
    synchronized void forget(String id) {
        lostAt.remove(id);
        recovering.remove(id);
    }
}
