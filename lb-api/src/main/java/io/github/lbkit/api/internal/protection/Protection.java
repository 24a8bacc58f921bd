package io.github.lbkit.api.internal.protection;

import io.github.lbkit.api.EjectionReason;
import io.github.lbkit.api.Failure;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.health.WarmUp;
import io.github.lbkit.api.internal.HealthChecker;
import io.github.lbkit.api.internal.event.StateListeners;
import io.github.lbkit.api.internal.load.LatencyMeter;
import io.github.lbkit.api.internal.load.LoadCounter;
import io.github.lbkit.api.internal.load.ServerLoad;
import io.github.lbkit.api.internal.load.TrafficHealth;
import io.github.lbkit.api.internal.load.TrafficWindow;
import io.github.lbkit.api.internal.load.WarmUpStart;
import io.github.lbkit.api.internal.snapshot.EligibleServers;
import io.github.lbkit.api.internal.snapshot.Snapshot;
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
 * <p>Shares are counted over the servers that could serve ({@link EligibleServers}). No more than the greatest share of those is
 * ejected, and never the last that probes find healthy: where fewer servers remain than when others were ejected, the
 * ejection that would end first ends at once.
 */
public final class Protection {
    private static final Duration LATENCY_CHECK = Duration.ofSeconds(1);
    private static final int LEAST_FOR_A_MEDIAN = 3;

    private final @Nullable Ejection ejection;
    private final @Nullable WarmUpRamp warmingUp;
    private final @Nullable TrafficWindow window;
    private final double failOpenThreshold;
    private final Scheduler scheduler;
    private final LoadRegistry registry;
    private final StateListeners listeners;
    private final @Nullable HealthChecker checker;

    /** Written under the monitor, read by every pick. */
    private volatile boolean failOpen;

    /** Who could serve, as of the last change. Guarded by the monitor. */
    private EligibleServers census = EligibleServers.NONE;

    /** The sum of the weights of eligible servers that are unhealthy or ejected. Written under the monitor, read by bounded load. */
    private volatile long outWeight;

    /** The kinds of protection that the builder asked for. */
    public record Settings(
            @Nullable Ejection ejection,
            @Nullable WarmUp warmUp,
            @Nullable HealthChecks healthChecks,
            double failOpenThreshold) {}

    public Protection(
            Settings settings,
            Scheduler scheduler,
            LongSupplier random,
            LoadRegistry registry,
            StateListeners listeners) {
        this.ejection = settings.ejection();
        this.warmingUp = settings.warmUp() == null ? null : new WarmUpRamp(settings.warmUp());
        this.failOpenThreshold = settings.failOpenThreshold();
        this.scheduler = scheduler;
        this.window = ejection == null ? null : new TrafficWindow(ejection, scheduler.nanoTime());
        this.registry = registry;
        this.listeners = listeners;
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
    public ServerLoad begin(String id, boolean warm, int counters, List<ServerLoad> earlierStays) {
        long now = scheduler.nanoTime();
        return new ServerLoad(
                counters,
                window,
                now,
                warmingUp == null || warm ? null : new WarmUpStart(now, WarmUpRamp.hash(id)),
                checker != null && !checker.initiallyHealthy(),
                earlierStays);
    }

    /** Returns whether probes forbid attempts on the instance now. */
    public boolean isUnhealthy(ServerLoad load) {
        return load.isUnhealthy() && !failOpen;
    }

    /** Asks whether an attempt may begin as far as the instance's traffic goes, as {@link TrafficHealth#pass} does. */
    public int pass(ServerLoad load) {
        TrafficHealth traffic = load.traffic();
        return traffic == null || !traffic.isEjected()
                ? TrafficHealth.ADMITTED
                : traffic.pass(scheduler.nanoTime(), failOpen);
    }

    /** Returns whether {@link #pass} would refuse now; begins no trial. */
    public boolean wouldRefuse(ServerLoad load) {
        TrafficHealth traffic = load.traffic();
        return traffic != null && traffic.wouldRefuse(scheduler.nanoTime(), failOpen);
    }

    /** Returns whether {@link #pass} would begin a trial now; begins none. */
    public boolean wouldTry(ServerLoad load) {
        TrafficHealth traffic = load.traffic();
        return traffic != null && traffic.wouldTry(scheduler.nanoTime());
    }

    /**
     * Returns whether the instance is still warming up and leaves this draw to others.
     *
     * @param draw a key's hash, or a random number where no key routes
     */
    public boolean leavesToOthers(ServerLoad load, LongSupplier draw) {
        WarmUpRamp warming = warmingUp;
        return warming != null && load.joined() != null && !warming.takes(load, draw, scheduler.nanoTime());
    }

    /** Returns whether traffic is watched: then {@link #succeeded} must hear of good ends that are not calm. */
    public boolean watchesTraffic() {
        return window != null;
    }

    /** The first byte of a trial's response has come: it brings the server back. */
    public void answered(Server server, ServerLoad load, int trial, long nowNanos) {
        TrafficHealth traffic = load.traffic();
        if (traffic != null && traffic.answered(trial, nowNanos)) {
            synchronized (this) {
                listeners.addForAll(l -> l.returned(server));
                recount();
            }
            listeners.deliver();
        }
    }

    /** An attempt went well; the time may be one not long ago. */
    public void succeeded(Server server, LoadCounter counter, int trial, long nowNanos) {
        TrafficHealth traffic = counter.load().traffic();
        if (traffic != null) {
            if (trial != 0) {
                answered(server, counter.load(), trial, nowNanos);
            }
            traffic.succeeded(counter, nowNanos);
        }
    }

    /** An attempt failed that began at this time. */
    public void failed(Server server, ServerLoad load, int trial, long beganNanos, Failure failure) {
        TrafficHealth traffic = load.traffic();
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
    public void abandoned(ServerLoad load, int trial) {
        TrafficHealth traffic = load.traffic();
        if (traffic != null && trial != 0) {
            traffic.trialTakenBack(trial, scheduler.nanoTime());
        }
    }

    /** The membership has changed; called after {@link #recount}. */
    public void membersChanged(Membership membership) {
        if (checker != null) {
            checker.follow(membership);
        }
    }

    /**
     * Counts anew who could serve and who does, after a change of the membership, an override, a verdict or an ejection: ends
     * ejections that are too many, and begins or ends fail-open. Adds events; the caller delivers them without a lock.
     */
    public synchronized void recount() {
        long now = scheduler.nanoTime();
        census = EligibleServers.of(registry.snapshot(), now);
        if (ejection != null) {
            for (EligibleServers.Entry early; (early = census.tooMany(ejection.maxShare())) != null; ) {
                Server server = early.server();
                if (early.traffic().comeBack(now)) {
                    listeners.addForAll(l -> l.returned(server));
                }
                census = EligibleServers.of(registry.snapshot(), now);
            }
        }
        boolean open = census.fitShare() < failOpenThreshold;
        if (open != failOpen) {
            failOpen = open;
            int fit = census.fit();
            int eligible = census.eligible();
            listeners.addForAll(l -> l.failOpenChanged(open, fit, eligible));
        }
        outWeight = open ? 0 : census.outWeight();
        if (warmingUp != null) {
            warmingUp.follow(registry.snapshot(), open);
        }
    }

    private void recountAndTell() {
        recount();
        listeners.deliver();
    }

    /** The verdicts of probes; called on the scheduler. */
    private final class Verdicts implements HealthChecker.Verdicts {
        @Override
        public void begins(Server server, Instance instance, boolean healthy) {
            ServerLoad load = registry.load(new InstanceId(server.id(), instance.generation()));
            if (load != null && load.isUnhealthy() == healthy) {
                load.unhealthy(!healthy, "");
                recountAndTell();
            }
        }

        @Override
        public void changed(Server server, Instance instance, boolean healthy, String reason) {
            ServerLoad load = registry.load(new InstanceId(server.id(), instance.generation()));
            if (load == null) {
                return;
            }
            synchronized (Protection.this) {
                load.unhealthy(!healthy, reason);
                if (healthy) {
                    listeners.addForAll(l -> l.becameHealthy(server));
                } else {
                    listeners.addForAll(l -> l.becameUnhealthy(server, reason));
                }
                recount();
                if (!healthy && !failOpen) {
                    listeners.add(l -> l.instanceLost(server, instance));
                }
            }
            listeners.deliver();
        }
    }

    private void eject(Server server, ServerLoad load, EjectionReason reason) {
        TrafficHealth traffic = load.traffic();
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
            listeners.addForAll(l -> l.ejected(server, time, reason));
            recount();
            server.instance().ifPresent(i -> listeners.add(l -> l.instanceLost(server, i)));
            scheduler.schedule(time, this::recountAndTell); // then it is held out no longer, but due for a trial
        }
        listeners.deliver();
    }

    /** Ends the instance's ejection before its time; returns false if the instance is not ejected. */
    public boolean endEjection(Server server, ServerLoad load) {
        TrafficHealth traffic = load.traffic();
        if (traffic == null) {
            return false;
        }
        boolean ended;
        synchronized (this) {
            ended = traffic.comeBack(scheduler.nanoTime());
            if (ended) {
                listeners.addForAll(l -> l.returned(server));
                recount();
            }
        }
        listeners.deliver();
        return ended;
    }

    private boolean mayEject(ServerLoad load) {
        return ejection != null
                && census.mayEject(load, ejection.maxShare())
                && EligibleServers.isEligible(registry.snapshot(), load);
    }

    /** The weight that bounded load does not count: of ejected and unhealthy servers. */
    public long outWeight() {
        return outWeight;
    }

    /** The part of the eligible weight that warming servers do not carry yet; 0 if none warms up. */
    public double coldWeight() {
        return warmingUp == null ? 0 : warmingUp.coldWeight(scheduler.nanoTime());
    }

    /** The share of its weight that the instance carries, above 0 to 1: below 1 while it warms up. */
    public double warmShare(ServerLoad load) {
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
        Snapshot snapshot = registry.snapshot();
        IdentityHashMap<ServerLoad, LatencyMeter> meters = new IdentityHashMap<>();
        List<Long> means = new ArrayList<>();
        for (int i = 0; i < snapshot.size(); i++) {
            ServerLoad load = snapshot.load(i);
            if (load != null && load.traffic() != null && !load.traffic().isEjected()) {
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
        for (int i = 0; i < snapshot.size(); i++) {
            Server server = snapshot.server(i);
            ServerLoad load = snapshot.load(i);
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
