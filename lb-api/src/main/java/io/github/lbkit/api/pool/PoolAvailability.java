package io.github.lbkit.api.pool;

import io.github.lbkit.api.Instance;
import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.internal.HealthChecker;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** How many of one pool's servers can serve, and for how long enough of them could. Confined to a scheduler. */
final class PoolAvailability {
    private final InnerPool pool;
    private final Scheduler scheduler;
    private final @Nullable HealthChecker checker;

    /** What probes said, of those that were judged. */
    private final Map<InstanceId, Boolean> verdicts = new HashMap<>();

    private Membership membership = Membership.UNKNOWN;
    private int counted;
    private int fit;
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

    /** Looks at the pool's newest membership. */
    void look(double enough) {
        Membership newest = pool.membership();
        if (newest != membership) {
            membership = newest;
            if (checker != null) {
                checker.follow(newest);
            }
            verdicts.keySet().retainAll(instances(newest));
        }
        counted = 0;
        fit = 0;
        for (Server server : membership.servers()) {
            if (server.state() != Server.State.DRAINING && server.weight() > 0) {
                counted++;
                fit += isFit(server) ? 1 : 0;
            }
        }
        boolean isSteady = any() && share() >= enough;
        if (isSteady && !steady) {
            steadySince = scheduler.nanoTime();
        }
        steady = isSteady;
    }

    private boolean isFit(Server server) {
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

    /** Whether there is one fit server. */
    boolean any() {
        return fit > 0;
    }

    /** The share of fit servers; 0 where there is none to count. */
    double share() {
        return counted == 0 ? 0 : (double) fit / counted;
    }

    /** Whether there are enough now. */
    boolean steady() {
        return steady;
    }

    /** Whether there have been enough for this long. */
    boolean steadyFor(Duration time) {
        return steady && scheduler.nanoTime() - steadySince >= time.toNanos();
    }

    /** How long until there have been enough for this long. */
    Duration until(Duration time) {
        return Duration.ofNanos(Math.max(0, time.toNanos() - (scheduler.nanoTime() - steadySince)));
    }
}
