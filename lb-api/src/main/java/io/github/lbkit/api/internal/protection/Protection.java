package io.github.lbkit.api.internal.protection;

import io.github.lbkit.api.Failure;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.EjectionReason;
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
import io.github.lbkit.api.runtime.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The protection of a balancer: ejections, health verdicts, warm-up, and fail-open, which ignores the first two while
 * too few servers are fit. Threads that end attempts report without a lock. Each change of the serving servers (an
 * ejection, a return, a verdict, a membership) takes the monitor, so that {@link Ejection#maxShare} and fail-open refer
 * to one moment.
 *
 * <p>Shares are counted over the {@link EligibleServers}. At most {@link Ejection#maxShare} of them is ejected, and
 * never the last server that probes find healthy. When fewer eligible servers remain, the ejection that would end first
 * ends at once.
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

    /** The eligible servers as of the last change. Guarded by the monitor. */
    private EligibleServers eligibleServers = EligibleServers.NONE;

    /**
     * The sum of the weights of eligible servers that are unhealthy or ejected. Written under the monitor, read by
     * bounded load.
     */
    private volatile long outWeight;

    /** The kinds of protection that the builder configured. */
    public record Settings(
            @Nullable Ejection ejection,
            @Nullable WarmUp warmUp,
            @Nullable HealthChecks healthChecks,
            double failOpenThreshold) {}

    /** Creates the protection, and starts the periodic check of latencies if latency ejects servers. */
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
     * Creates the load of an instance that joins the membership.
     *
     * @param warm whether the instance was present when the balancer began, and needs no warm-up
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

    /** Returns whether the instance's traffic allows an attempt, as {@link TrafficHealth#pass} does. */
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
     * Returns whether the instance is warming up and declines this draw.
     *
     * @param draw a key's hash, or a random number where no key routes
     */
    public boolean declines(ServerLoad load, LongSupplier draw) {
        WarmUpRamp warming = warmingUp;
        return warming != null && load.warmUpStart() != null && !warming.takes(load, draw, scheduler.nanoTime());
    }

    /** Returns whether traffic is observed; then {@link #succeeded} must be called after successes on the slow path. */
    public boolean watchesTraffic() {
        return window != null;
    }

    /** Ends an ejection, because the first byte of the trial's response has come. */
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

    /** Records a success; the time may lie shortly in the past. */
    public void succeeded(Server server, LoadCounter counter, int trial, long nowNanos) {
        TrafficHealth traffic = counter.load().traffic();
        if (traffic != null) {
            if (trial != 0) {
                answered(server, counter.load(), trial, nowNanos);
            }
            traffic.succeeded(counter, nowNanos);
        }
    }

    /** Records a failure of an attempt that began at this time. */
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

    /** Records the end of an attempt that says nothing about the server. */
    public void abandoned(ServerLoad load, int trial) {
        TrafficHealth traffic = load.traffic();
        if (traffic != null && trial != 0) {
            traffic.trialTakenBack(trial, scheduler.nanoTime());
        }
    }

    /** Forwards a new membership to the health checker. Called after {@link #recount}. */
    public void membersChanged(Membership membership) {
        if (checker != null) {
            checker.follow(membership);
        }
    }

    /**
     * Counts the eligible and fit servers after a change of the membership, an override, a verdict or an ejection. Ends
     * ejections beyond the maximum share, and begins or ends fail-open. Adds events, which the caller delivers without
     * a lock.
     */
    public synchronized void recount() {
        long now = scheduler.nanoTime();
        eligibleServers = EligibleServers.of(registry.snapshot(), now);
        if (ejection != null) {
            for (EligibleServers.Entry early; (early = eligibleServers.firstToReturn(ejection.maxShare())) != null; ) {
                Server server = early.server();
                if (early.traffic().returnEarly(now)) {
                    listeners.addForAll(l -> l.returned(server));
                }
                eligibleServers = EligibleServers.of(registry.snapshot(), now);
            }
        }
        boolean open = eligibleServers.fitShare() < failOpenThreshold;
        if (open != failOpen) {
            failOpen = open;
            int fit = eligibleServers.fit();
            int eligible = eligibleServers.eligible();
            listeners.addForAll(l -> l.failOpenChanged(open, fit, eligible));
        }
        outWeight = open ? 0 : eligibleServers.outWeight();
        if (warmingUp != null) {
            warmingUp.follow(registry.snapshot(), open);
        }
    }

    private void recountAndTell() {
        recount();
        listeners.deliver();
    }

    /** The receiver of the health checker's verdicts. Called on the scheduler. */
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
            scheduler.schedule(time, this::recountAndTell); // the server is due for a trial then
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
            ended = traffic.returnEarly(scheduler.nanoTime());
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
                && eligibleServers.mayEject(load, ejection.maxShare())
                && EligibleServers.isEligible(registry.snapshot(), load);
    }

    /** Returns the weight of ejected and unhealthy servers, which bounded load does not count. */
    public long outWeight() {
        return outWeight;
    }

    /** Returns the part of the eligible weight that warming servers do not carry yet; 0 if no server warms up. */
    public double coldWeight() {
        return warmingUp == null ? 0 : warmingUp.coldWeight(scheduler.nanoTime());
    }

    /** Returns the share of its weight that the instance carries, above 0 to 1; below 1 during the warm-up. */
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

    /** Returns whether the mean latency is above the limit, both over enough attempts and since the last check. */
    private static boolean isSlow(LatencyMeter meter, double limit, int minVolume) {
        return meter.recentMean(minVolume) > limit && meter.newestMean() > limit;
    }
}
