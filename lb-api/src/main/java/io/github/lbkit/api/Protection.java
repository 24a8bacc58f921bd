package io.github.lbkit.api;

import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.health.WarmUp;
import io.github.lbkit.api.internal.HealthChecker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The protection of a balancer: ejections, the verdicts of probes, warm-up, and fail-open, which ignores the first two while
 * too few servers are fit. Attempts report on their own threads without a lock. A change of who serves (an ejection, a
 * return, a verdict, a membership) takes the monitor, so that the shares of {@link Ejection#maxShare} and fail-open are those
 * of one moment.
 *
 * <p>Shares are counted over the servers that could serve ({@link Census}). No more than the greatest share of those is
 * ejected, and never the last that probes find healthy: where fewer servers remain than when others were ejected, the
 * ejection that would end first ends at once.
 */
final class Protection {
    private static final Duration LATENCY_CHECK = Duration.ofSeconds(1);
    private static final int LEAST_FOR_A_MEDIAN = 3;

    private final @Nullable Ejection ejection;
    private final @Nullable WarmingUp warmingUp;
    private final @Nullable TrafficWindow window;
    private final double failOpenBelow;
    private final Scheduler scheduler;
    private final SnapshotWriter writer;
    private final @Nullable HealthChecker checker;

    /** Written under the monitor, read by every pick. */
    private volatile boolean failOpen;

    /** Who could serve, as of the last change. Guarded by the monitor. */
    private Census census = Census.NOBODY;

    /** The sum of the weights of eligible servers that are unhealthy or ejected. Written under the monitor, read by bounded load. */
    private volatile long outWeight;

    /** The kinds of protection that the builder asked for. */
    record Settings(
            @Nullable Ejection ejection,
            @Nullable WarmUp warmUp,
            @Nullable HealthChecks healthChecks,
            double failOpenBelow) {}

    Protection(Settings settings, Scheduler scheduler, LongSupplier random, SnapshotWriter writer) {
        this.ejection = settings.ejection();
        this.warmingUp = settings.warmUp() == null ? null : new WarmingUp(settings.warmUp());
        this.failOpenBelow = settings.failOpenBelow();
        this.scheduler = scheduler;
        this.window = ejection == null ? null : new TrafficWindow(ejection, scheduler.nanoTime());
        this.writer = writer;
        HealthChecks checks = settings.healthChecks();
        checker = checks == null ? null : new HealthChecker(checks, scheduler, random, new Verdicts());
        if (ejection != null && ejection.latencyFactor().isPresent()) {
            scheduler.schedule(LATENCY_CHECK, this::checkLatencies);
        }
    }

    /**
     * Begins an instance's stay in the membership.
     *
     * @param warm whether the instance was there when the balancer began, and needs no warm-up
     */
    ServerLoad begin(String id, boolean warm, int stripes, List<ServerLoad> earlierStays) {
        long now = scheduler.nanoTime();
        return new ServerLoad(
                stripes,
                window,
                now,
                warmingUp == null || warm ? null : new Joined(now, id),
                checker != null && !checker.initiallyHealthy(),
                earlierStays);
    }

    /** The beginning of an instance's warm-up. */
    record Joined(long sinceNanos, long idHash) {
        Joined(long sinceNanos, String id) {
            this(sinceNanos, WarmingUp.hash(id));
        }
    }

    /** Returns whether probes forbid attempts on the instance now. */
    boolean isUnhealthy(ServerLoad load) {
        return load.isUnhealthy() && !failOpen;
    }

    /** Asks whether an attempt may begin as far as the instance's traffic goes, as {@link TrafficHealth#pass} does. */
    int pass(ServerLoad load) {
        TrafficHealth traffic = load.traffic;
        return traffic == null || !traffic.isEjected()
                ? TrafficHealth.ADMITTED
                : traffic.pass(scheduler.nanoTime(), failOpen);
    }

    /** Returns whether {@link #pass} would refuse now; begins no trial. */
    boolean wouldRefuse(ServerLoad load) {
        TrafficHealth traffic = load.traffic;
        return traffic != null && traffic.wouldRefuse(scheduler.nanoTime(), failOpen);
    }

    /** Returns whether {@link #pass} would begin a trial now; begins none. */
    boolean wouldTry(ServerLoad load) {
        TrafficHealth traffic = load.traffic;
        return traffic != null && traffic.wouldTry(scheduler.nanoTime());
    }

    /**
     * Returns whether the instance is still warming up and leaves this draw to others.
     *
     * @param draw a key's hash, or a random number where no key routes
     */
    boolean leavesToOthers(ServerLoad load, LongSupplier draw) {
        WarmingUp warming = warmingUp;
        return warming != null && load.joined() != null && !warming.takes(load, draw, scheduler.nanoTime());
    }

    /** Returns whether traffic is watched: then {@link #succeeded} must hear of good ends that are not calm. */
    boolean watchesTraffic() {
        return window != null;
    }

    /** The first byte of a trial's response has come: it brings the server back. */
    void answered(Server server, ServerLoad load, int trial, long nowNanos) {
        TrafficHealth traffic = load.traffic;
        if (traffic != null && traffic.answered(trial, nowNanos)) {
            synchronized (this) {
                writer.listeners().addForAll(l -> l.returned(server));
                recount();
            }
            writer.listeners().deliver();
        }
    }

    /** An attempt went well; the time may be one not long ago. */
    void succeeded(Server server, Stripe stripe, int trial, long nowNanos) {
        TrafficHealth traffic = stripe.load.traffic;
        if (traffic != null) {
            if (trial != 0) {
                answered(server, stripe.load, trial, nowNanos);
            }
            traffic.succeeded(stripe, nowNanos);
        }
    }

    /** An attempt failed that began at this time. */
    void failed(Server server, ServerLoad load, int trial, long beganNanos, Failure failure) {
        TrafficHealth traffic = load.traffic;
        if (traffic == null) {
            return;
        }
        if (failure == Failure.OVERLOADED) {
            abandoned(load, trial);
            return;
        }
        EjectionReason reason = traffic.failed(trial, beganNanos, scheduler.nanoTime());
        if (reason != null) {
            eject(server, load, reason);
        }
    }

    /** An attempt ended without a word about its server. */
    void abandoned(ServerLoad load, int trial) {
        TrafficHealth traffic = load.traffic;
        if (traffic != null && trial != 0) {
            traffic.trialTakenBack(trial, scheduler.nanoTime());
        }
    }

    /** The membership has changed; called after {@link #recount}. */
    void membersChanged(Membership membership) {
        if (checker != null) {
            checker.follow(membership);
        }
    }

    /**
     * Counts anew who could serve and who does, after a change of the membership, an override, a verdict or an ejection: ends
     * ejections that are too many, and begins or ends fail-open. Adds events; the caller delivers them without a lock.
     */
    synchronized void recount() {
        long now = scheduler.nanoTime();
        census = Census.of(writer.snapshot(), now);
        if (ejection != null) {
            for (Census.Entry early; (early = census.tooMany(ejection.maxShare())) != null; ) {
                Server server = early.server();
                if (early.traffic().comeBack(now)) {
                    writer.listeners().addForAll(l -> l.returned(server));
                }
                census = Census.of(writer.snapshot(), now);
            }
        }
        boolean open = census.fitShare() < failOpenBelow;
        if (open != failOpen) {
            failOpen = open;
            int fit = census.fit();
            int eligible = census.eligible();
            writer.listeners().addForAll(l -> l.failOpenChanged(open, fit, eligible));
        }
        outWeight = open ? 0 : census.outWeight();
        if (warmingUp != null) {
            warmingUp.follow(writer.snapshot(), open);
        }
    }

    private void recountAndTell() {
        recount();
        writer.listeners().deliver();
    }

    /** The verdicts of probes; called on the scheduler. */
    private final class Verdicts implements HealthChecker.Verdicts {
        @Override
        public void begins(Server server, Instance instance, boolean healthy) {
            ServerLoad load = writer.load(server.id(), instance.generation());
            if (load != null && load.isUnhealthy() == healthy) {
                load.unhealthy(!healthy, "");
                recountAndTell();
            }
        }

        @Override
        public void changed(Server server, Instance instance, boolean healthy, String reason) {
            ServerLoad load = writer.load(server.id(), instance.generation());
            if (load == null) {
                return;
            }
            synchronized (Protection.this) {
                load.unhealthy(!healthy, reason);
                if (healthy) {
                    writer.listeners().addForAll(l -> l.becameHealthy(server));
                } else {
                    writer.listeners().addForAll(l -> l.becameUnhealthy(server, reason));
                }
                recount();
                if (!healthy && !failOpen) {
                    writer.listeners().add(l -> l.instanceLost(server, instance));
                }
            }
            writer.listeners().deliver();
        }
    }

    private void eject(Server server, ServerLoad load, EjectionReason reason) {
        TrafficHealth traffic = load.traffic;
        if (traffic == null) {
            return;
        }
        synchronized (this) {
            boolean onTrial = traffic.isOnTrial() && reason == EjectionReason.TRIAL_FAILED;
            if (!onTrial && (traffic.isEjected() || !mayEject(load))) {
                return;
            }
            long nanos = traffic.eject(scheduler.nanoTime());
            if (nanos == 0) {
                return;
            }
            Duration time = Duration.ofNanos(nanos);
            load.ejectedFor(reason);
            writer.listeners().addForAll(l -> l.ejected(server, time, reason));
            recount();
            server.instance().ifPresent(i -> writer.listeners().add(l -> l.instanceLost(server, i)));
            scheduler.schedule(time, this::recountAndTell); // then it is held out no longer, but due for a trial
        }
        writer.listeners().deliver();
    }

    /** Ends the instance's ejection before its time; returns false if the instance is not ejected. */
    boolean endEjection(Server server, ServerLoad load) {
        TrafficHealth traffic = load.traffic;
        if (traffic == null) {
            return false;
        }
        boolean ended;
        synchronized (this) {
            ended = traffic.comeBack(scheduler.nanoTime());
            if (ended) {
                writer.listeners().addForAll(l -> l.returned(server));
                recount();
            }
        }
        writer.listeners().deliver();
        return ended;
    }

    private boolean mayEject(ServerLoad load) {
        return ejection != null
                && census.mayEject(load, ejection.maxShare())
                && Census.isEligible(writer.snapshot(), load);
    }

    /** The weight that bounded load does not count: of ejected and unhealthy servers. */
    long outWeight() {
        return outWeight;
    }

    /** The part of the eligible weight that warming servers do not carry yet; 0 if none warms up. */
    double coldWeight() {
        return warmingUp == null ? 0 : warmingUp.coldWeight(scheduler.nanoTime());
    }

    /** The share of its weight that the instance carries, above 0 to 1: below 1 while it warms up. */
    double warmShare(ServerLoad load) {
        return warmingUp == null ? 1 : warmingUp.share(load, scheduler.nanoTime());
    }

    private void checkLatencies() {
        try {
            if (ejection != null) {
                ejectSlow(ejection);
            }
        } finally {
            scheduler.schedule(LATENCY_CHECK, this::checkLatencies);
        }
    }

    private void ejectSlow(Ejection settings) {
        int checks = (int) Math.max(1, Math.min(60, settings.window().dividedBy(LATENCY_CHECK)));
        Snapshot snapshot = writer.snapshot();
        IdentityHashMap<ServerLoad, LatencyMeter> meters = new IdentityHashMap<>();
        List<Long> means = new ArrayList<>();
        for (ServerLoad load : snapshot.loads) {
            if (load != null && load.traffic != null && !load.traffic.isEjected()) {
                LatencyMeter meter = load.checkLatency(checks);
                meters.put(load, meter);
                long mean = meter.recentMean(settings.minVolume());
                if (mean > 0) {
                    means.add(mean);
                }
            }
        }
        if (means.size() < LEAST_FOR_A_MEDIAN) {
            return;
        }
        means.sort(null);
        double limit = means.get(means.size() / 2) * settings.latencyFactor().orElseThrow();
        for (int i = 0; i < snapshot.loads.length; i++) {
            Server server = snapshot.servers[i];
            ServerLoad load = snapshot.loads[i];
            LatencyMeter meter = load == null ? null : meters.get(load);
            if (server != null && load != null && meter != null && isSlow(meter, limit, settings.minVolume())) {
                eject(server, load, EjectionReason.LATENCY);
            }
        }
    }

    /** Whether the instance was slow in enough attempts, and still is. */
    private static boolean isSlow(LatencyMeter meter, double limit, int minVolume) {
        return meter.recentMean(minVolume) > limit && meter.newestMean() > limit;
    }
}
