package io.github.lbkit.api.internal.protection;

import io.github.lbkit.api.health.WarmUp;
import io.github.lbkit.api.internal.SplitMix;
import io.github.lbkit.api.internal.load.ServerLoad;
import io.github.lbkit.api.internal.load.WarmUpStart;
import io.github.lbkit.api.internal.snapshot.Snapshot;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * The warm-up of a balancer's servers: decides which requests a warming server takes, and computes the weight that
 * warming servers do not carry yet. Thread-safe; picks take no lock.
 */
public final class WarmUpRamp {
    private final WarmUp settings;

    /**
     * The current function; reset by {@link #follow}, replaced by a pick that finds it outdated, read by bounded load.
     */
    private final AtomicReference<Cold> cold = new AtomicReference<>(Cold.UNKNOWN);

    /** The newest servers; written under the monitor of {@link Protection} before {@link #cold}. */
    private volatile Servers servers = new Servers(Snapshot.EMPTY, false);

    /** The servers of a snapshot, and whether unhealthy and ejected servers serve too. */
    private record Servers(Snapshot snapshot, boolean failOpen) {}

    /**
     * The weight that warming servers do not carry yet, as a linear function of time: all shares grow at one rate.
     *
     * @param atOrigin the weight at the origin
     * @param perNano the decrease of the weight for each nanosecond
     * @param origin the time of the origin in nanoseconds
     * @param until the end of the first warm-up, in nanoseconds since the origin; the function is valid until then
     * @param known whether the function was computed
     */
    private record Cold(double atOrigin, double perNano, long origin, long until, boolean known) {
        static final Cold UNKNOWN = new Cold(0, 0, 0, 0, false);
    }

    /** Creates a ramp without servers. */
    public WarmUpRamp(WarmUp settings) {
        this.settings = settings;
    }

    /** Returns a hash of a server's id. */
    public static long hash(String id) {
        long hash = 0;
        for (int i = 0; i < id.length(); i++) {
            hash = SplitMix.mix(hash ^ id.charAt(i));
        }
        return hash;
    }

    /** Returns whether the instance takes this draw; ends a warm-up whose time is over. */
    public boolean takes(ServerLoad load, LongSupplier draw, long nowNanos) {
        WarmUpStart warmUpStart = load.warmUpStart();
        if (warmUpStart == null) {
            return true;
        }
        long since = nowNanos - warmUpStart.sinceNanos();
        if (since >= settings.time().toNanos()) {
            load.endWarmUp();
            return true;
        }
        long z = SplitMix.mix(draw.getAsLong() ^ warmUpStart.idHash());
        return (z >>> 11) * 0x1p-53 < settings.shareAfter(since);
    }

    /** Returns the share of its weight that the instance carries now, above 0 to 1. */
    public double share(ServerLoad load, long nowNanos) {
        WarmUpStart warmUpStart = load.warmUpStart();
        return warmUpStart == null ? 1 : settings.shareAfter(nowNanos - warmUpStart.sinceNanos());
    }

    /** Recomputes the function after a change of members, overrides, health or ejections. */
    public void follow(Snapshot newest, boolean failOpen) {
        servers = new Servers(newest, failOpen);
        cold.set(new Cold(0, 0, 0, 0, false)); // a new object, so that no computation from before replaces it
    }

    /** Returns the weight that eligible servers do not carry yet. */
    public double coldWeight(long nowNanos) {
        Cold now = Objects.requireNonNull(cold.get());
        if (!now.known() || nowNanos - now.origin() >= now.until()) {
            Cold newer = computed(servers, nowNanos);
            cold.compareAndSet(now, newer);
            now = newer;
        }
        return Math.max(0, now.atOrigin() - now.perNano() * (nowNanos - now.origin()));
    }

    private Cold computed(Servers of, long nowNanos) {
        Snapshot snapshot = of.snapshot();
        double weight = 0;
        double perNano = 0;
        long until = Long.MAX_VALUE;
        for (int i = 0; i < snapshot.size(); i++) {
            ServerLoad load = snapshot.load(i);
            WarmUpStart warmUpStart = load == null ? null : load.warmUpStart();
            if (load == null || warmUpStart == null || !snapshot.isReady(i) || !(of.failOpen() || serves(load))) {
                continue;
            }
            long left = settings.time().toNanos() - (nowNanos - warmUpStart.sinceNanos());
            if (left > 0) {
                weight += snapshot.weight(i) * (1 - share(load, nowNanos));
                perNano += snapshot.weight(i)
                        * (1 - settings.initialShare())
                        / settings.time().toNanos();
                until = Math.min(until, left);
            }
        }
        return new Cold(weight, perNano, nowNanos, until, true);
    }

    private static boolean serves(ServerLoad load) {
        return !load.isUnhealthy() && (load.traffic() == null || !load.traffic().isEjected());
    }
}
