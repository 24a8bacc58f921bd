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
 * A follower of pool events, which counts the launches under way and times each phase of a recovery. Guarded by its monitor;
 * registries read the number of launches.
 */
final class Recoveries {
    private final PoolTally tally;
    private final LongSupplier nanoTime;
    private final BiConsumer<Phase, Duration> phaseTook;
    private final Consumer<Duration> launchTook;

    /** The time of each loss by the id of the server, until the launch of the replacement. */
    private final Map<String, Long> lostAt = new HashMap<>();

    /** The ids of the servers whose replacements are launched and not ready yet. */
    private final Set<String> recovering = new HashSet<>();

    private final Set<InstanceId> launching = new HashSet<>();

    /** A phase of a recovery, in the order of the phases. */
    enum Phase {
        /** From the loss to the launch of the replacement. */
        RELAUNCH,
        /** From the launch until the replacement is ready. */
        START,
        /** From then until the first attempt on the replacement. */
        FIRST_REQUEST
    }

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
