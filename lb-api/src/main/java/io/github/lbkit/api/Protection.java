package io.github.lbkit.api;

import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.health.WarmUp;
import io.github.lbkit.api.internal.HealthChecker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides who is ejected, knows whom probes found unhealthy, and when health is ignored because too few would remain (fail-open). Attempts report to it on
 * their own threads without a lock; only an ejection itself excludes others, so that the greatest share holds.
 */
final class Protection {
    private static final Duration LATENCY_CHECK = Duration.ofSeconds(1);

    private final @Nullable Ejection ejection;
    private final @Nullable WarmUp warmUp;
    private final @Nullable TrafficWindow window;
    private final double failOpenBelow;
    private final Scheduler scheduler;
    private final SnapshotWriter writer;
    private final @Nullable HealthChecker checker;

    /** Written under the monitor, read by every pick. */
    private volatile boolean failOpen;

    /** The weights of those that are out and ready, added up. Written under the monitor, read by bounded load. */
    private volatile long outWeight;

    /** What protects, as far as it was asked for. */
    record Settings(
            @Nullable Ejection ejection,
            @Nullable WarmUp warmUp,
            @Nullable HealthChecks healthChecks,
            double failOpenBelow) {}

    Protection(Settings settings, Scheduler scheduler, LongSupplier random, SnapshotWriter writer) {
        this.ejection = settings.ejection();
        this.warmUp = settings.warmUp();
        this.failOpenBelow = settings.failOpenBelow();
        this.scheduler = scheduler;
        this.window = ejection == null ? null : new TrafficWindow(ejection, scheduler.nanoTime());
        this.writer = writer;
        HealthChecks checks = settings.healthChecks();
        checker = checks == null ? null : new HealthChecker(checks, scheduler, random, this::judged);
        if (ejection != null && ejection.latencyFactor().isPresent()) {
            scheduler.schedule(LATENCY_CHECK, this::checkLatencies);
        }
    }

    /** What is kept for one instance that has become ready; warm if it was there when the balancer began. */
    ServerLoad begin(String id, boolean warm, int stripes) {
        long now = scheduler.nanoTime();
        return new ServerLoad(
                stripes,
                window,
                now,
                warmUp == null || warm ? null : new Joined(now, id),
                checker != null && !checker.initiallyHealthy());
    }

    /** Since when an instance warms up. */
    record Joined(long sinceNanos, long idHash) {
        Joined(long sinceNanos, String id) {
            this(sinceNanos, hash(id));
        }

        private static long hash(String id) {
            long hash = 0;
            for (int i = 0; i < id.length(); i++) {
                hash = mixed(hash ^ id.charAt(i));
            }
            return hash;
        }
    }

    /** Whether probes forbid attempts on the instance. */
    boolean isUnhealthy(ServerLoad load) {
        return load.isUnhealthy() && !failOpen;
    }

    /** Whether an attempt may begin as far as the instance's traffic goes. */
    TrafficHealth.Pass pass(ServerLoad load) {
        TrafficHealth traffic = load.traffic;
        return traffic == null || !traffic.out() || failOpen
                ? TrafficHealth.Pass.YES
                : traffic.pass(scheduler.nanoTime());
    }

    /** Whether the instance takes this draw: a key's hash, or a random number. */
    boolean takes(ServerLoad load, long draw) {
        Joined joined = load.joined();
        if (joined == null || warmUp == null) {
            return true;
        }
        long since = scheduler.nanoTime() - joined.sinceNanos();
        if (since >= warmUp.time().toNanos()) {
            load.isWarm();
            return true;
        }
        long z = mixed(draw ^ joined.idHash());
        return (z >>> 11) * 0x1p-53 < warmUp.shareAfter(since);
    }

    boolean isWarming(ServerLoad load) {
        return load.joined() != null;
    }

    /** Why {@link #pass} would refuse it now; takes nothing. */
    boolean wouldRefuse(ServerLoad load) {
        TrafficHealth traffic = load.traffic;
        return traffic != null && !failOpen && traffic.wouldRefuse(scheduler.nanoTime());
    }

    /** Whether traffic is watched: then {@link #succeeded} wants to know of good ends that are not calm. */
    boolean watchesTraffic() {
        return window != null;
    }

    /** An attempt went well; the time may be one not long ago. */
    void succeeded(Server server, Stripe stripe, boolean trial, long nowNanos) {
        TrafficHealth traffic = stripe.load.traffic;
        if (traffic != null && traffic.succeeded(stripe, trial, nowNanos)) {
            recount();
            writer.tellAll(l -> l.returned(server));
        }
    }

    void failed(Server server, ServerLoad load, boolean trial, Failure failure) {
        TrafficHealth traffic = load.traffic;
        if (failure == Failure.OVERLOADED) {
            abandoned(load, trial);
        } else if (traffic != null) {
            EjectionReason reason = traffic.failed(trial, scheduler.nanoTime());
            if (reason != null) {
                eject(server, traffic, reason);
            }
        }
    }

    void abandoned(ServerLoad load, boolean trial) {
        TrafficHealth traffic = load.traffic;
        if (traffic != null && trial) {
            traffic.trialTakenBack(scheduler.nanoTime());
        }
    }

    /** The membership has changed. */
    void membersChanged() {
        recount();
        if (checker != null) {
            checker.follow(writer.snapshot().membership);
        }
    }

    /** The membership, someone's health or an ejection has changed: looks anew whether too few remain. */
    private synchronized void recount() {
        Count count = count();
        failOpen = count.ready() > 0 && (double) (count.ready() - count.out()) / count.ready() < failOpenBelow;
        outWeight = failOpen ? 0 : count.outWeight();
    }

    /** Probes have changed what is thought of an instance. */
    private void judged(Server server, Instance instance, boolean healthy, String reason) {
        ServerLoad load = writer.load(server.id(), instance.generation());
        if (load == null) {
            return;
        }
        load.unhealthy(!healthy);
        recount();
        if (healthy) {
            writer.tellAll(l -> l.becameHealthy(server));
            return;
        }
        writer.tellAll(l -> l.becameUnhealthy(server, reason));
        if (!failOpen) {
            writer.tell(l -> l.instanceLost(server, instance));
        }
    }

    private void eject(Server server, TrafficHealth traffic, EjectionReason reason) {
        boolean trial = reason == EjectionReason.TRIAL_FAILED;
        long nanos;
        synchronized (this) {
            nanos = trial || mayEjectOneMore() ? traffic.eject(trial, scheduler.nanoTime()) : 0;
            if (nanos > 0) {
                recount();
            }
        }
        if (nanos > 0) {
            Duration time = Duration.ofNanos(nanos);
            writer.tellAll(l -> l.ejected(server, time, reason));
            server.instance().ifPresent(i -> writer.tell(l -> l.instanceLost(server, i)));
        }
    }

    private boolean mayEjectOneMore() {
        Count count = count();
        return ejection != null && count.ejected() + 1 <= ejection.maxShare() * count.ready();
    }

    /** The weights of ready servers that get nothing because of their health or their traffic. */
    long outWeight() {
        return outWeight;
    }

    private record Count(int ready, int ejected, int out, long outWeight) {}

    private Count count() {
        int ready = 0;
        int ejected = 0;
        int out = 0;
        long weight = 0;
        Snapshot snapshot = writer.snapshot();
        for (int i = 0; i < snapshot.loads.length; i++) {
            ServerLoad load = snapshot.loads[i];
            if (load != null && load.isOpen()) {
                ready++;
                TrafficHealth traffic = load.traffic;
                boolean isEjected = traffic != null && traffic.out();
                ejected += isEjected ? 1 : 0;
                if (isEjected || load.isUnhealthy()) {
                    out++;
                    weight += snapshot.table.members().get(i).weight();
                }
            }
        }
        return new Count(ready, ejected, out, weight);
    }

    private void checkLatencies() {
        Ejection settings = ejection;
        if (settings == null) {
            return;
        }
        Snapshot snapshot = writer.snapshot();
        List<Long> latencies = new ArrayList<>();
        for (int i = 0; i < snapshot.loads.length; i++) {
            if (snapshot.latencyNanos(i) > 0) {
                latencies.add(snapshot.latencyNanos(i));
            }
        }
        latencies.sort(null);
        if (latencies.size() >= 3) {
            double limit = latencies.get(latencies.size() / 2)
                    * settings.latencyFactor().orElseThrow();
            for (int i = 0; i < snapshot.loads.length; i++) {
                Server server = snapshot.servers[i];
                ServerLoad load = snapshot.loads[i];
                TrafficHealth traffic = load == null ? null : load.traffic;
                if (server != null
                        && load != null
                        && traffic != null
                        && !traffic.out()
                        && snapshot.latencyNanos(i) > limit
                        && traffic.volume(scheduler.nanoTime()) >= settings.minVolume()) {
                    eject(server, traffic, EjectionReason.LATENCY);
                }
            }
        }
        scheduler.schedule(LATENCY_CHECK, this::checkLatencies);
    }

    private static long mixed(long key) {
        long z = key + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
