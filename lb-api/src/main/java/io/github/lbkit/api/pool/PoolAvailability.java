package io.github.lbkit.api.pool;

import io.github.lbkit.api.Instance;
import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.internal.HealthChecker;
import io.github.lbkit.api.runtime.Scheduler;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The number of available servers of one pool, and the time since enough of them have been available. Confined to a
 * scheduler.
 */
final class PoolAvailability {
    private final InnerPool pool;
    private final Scheduler scheduler;
    private final @Nullable HealthChecker checker;

    /** The verdicts of the health probes, by instance. */
    private final Map<InstanceId, Boolean> verdicts = new HashMap<>();

    private Membership membership = Membership.UNKNOWN;
    private int counting;
    private int available;
    private boolean steady;
    private long steadySince;

    PoolAvailability(InnerPool pool, Scheduler scheduler, Optional<HealthChecks> checks, Runnable changed) {
        this.pool = pool;
        this.scheduler = scheduler;
        this.checker = checks.map(settings -> new HealthChecker(
                        settings,
                        scheduler,
                        () -> ThreadLocalRandom.current().nextLong(),
                        (server, instance, healthy, reason) -> {
                            verdicts.put(new InstanceId(server.id(), instance.generation()), healthy);
                            changed.run();
                        }))
                .orElse(null);
    }

    /** Reads the newest membership of the pool. */
    void look(double enough) {
        Membership newest = pool.membership();
        if (newest != membership) {
            membership = newest;
            if (checker != null) {
                checker.follow(newest);
            }
            verdicts.keySet().retainAll(instances(newest));
        }
        counting = 0;
        available = 0;
        for (Server server : membership.servers()) {
            if (server.state() != Server.State.DRAINING && server.weight() > 0) {
                counting++;
                available += isAvailable(server) ? 1 : 0;
            }
        }
        boolean isSteady = any() && share() >= enough;
        if (isSteady && !steady) {
            steadySince = scheduler.nanoTime();
        }
        steady = isSteady;
    }

    private boolean isAvailable(Server server) {
        Instance instance = server.instance().orElse(null);
        if (server.state() != Server.State.READY || instance == null) {
            return false;
        }
        return checker == null
                || verdicts.getOrDefault(
                        new InstanceId(server.id(), instance.generation()), checker.initiallyHealthy());
    }

    private static Set<InstanceId> instances(Membership membership) {
        Set<InstanceId> keys = new HashSet<>();
        membership
                .servers()
                .forEach(server -> server.instance()
                        .ifPresent(instance -> keys.add(new InstanceId(server.id(), instance.generation()))));
        return keys;
    }

    /** Returns whether at least one server is available. */
    boolean any() {
        return available > 0;
    }

    /** Returns the share of available servers, 0 to 1; 0 if no server counts. */
    double share() {
        return counting == 0 ? 0 : (double) available / counting;
    }

    /** Returns whether enough servers are available now. */
    boolean steady() {
        return steady;
    }

    /** Returns whether enough servers have been available for this time. */
    boolean steadyFor(Duration time) {
        return steady && scheduler.nanoTime() - steadySince >= time.toNanos();
    }

    /** Returns the remaining time until enough servers have been available for this time. */
    Duration until(Duration time) {
        return Duration.ofNanos(Math.max(0, time.toNanos() - (scheduler.nanoTime() - steadySince)));
    }
}
