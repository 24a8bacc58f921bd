package io.github.lbkit.api.internal.snapshot;

import io.github.lbkit.api.Server;
import io.github.lbkit.api.internal.load.ServerLoad;
import io.github.lbkit.api.internal.load.TrafficHealth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The servers of a snapshot that could serve at one moment: ready, with a weight above 0, not held back by the operator. What
 * is ejected or unhealthy is counted among those alone. Immutable.
 *
 * <p>A server is <i>fit</i> unless its probes failed or an ejection holds it out; one whose ejection time is over is fit,
 * since its next request is a trial.
 */
public record EligibleServers(int eligible, int fit, int healthy, long outWeight, List<Entry> ejected) {
    /** No server could serve. */
    public static final EligibleServers NONE = new EligibleServers(0, 0, 0, 0, List.of());

    /** Absorbs the rounding of a share times a number of servers. */
    private static final double ROUNDING = 1e-9;

    /** One ejected server. */
    public record Entry(Server server, TrafficHealth traffic, boolean unhealthy) {}

    public static EligibleServers of(Snapshot snapshot, long nowNanos) {
        int eligible = 0;
        int fit = 0;
        int healthy = 0;
        long outWeight = 0;
        List<Entry> ejected = new ArrayList<>();
        for (int i = 0; i < snapshot.size(); i++) {
            Server server = snapshot.server(i);
            ServerLoad load = snapshot.load(i);
            if (server == null || load == null || !isEligible(snapshot, i)) {
                continue;
            }
            eligible++;
            TrafficHealth traffic = load.traffic();
            boolean isEjected = traffic != null && traffic.isEjected();
            if (traffic != null && isEjected) {
                ejected.add(new Entry(server, traffic, load.isUnhealthy()));
            }
            boolean heldOut = traffic != null && traffic.isHeldOut(nowNanos);
            fit += load.isUnhealthy() || heldOut ? 0 : 1;
            healthy += load.isUnhealthy() || isEjected ? 0 : 1;
            outWeight += load.isUnhealthy() || isEjected ? snapshot.weight(i) : 0;
        }
        return new EligibleServers(eligible, fit, healthy, outWeight, ejected);
    }

    private static boolean isEligible(Snapshot snapshot, int index) {
        ServerLoad load = snapshot.load(index);
        return load != null
                && load.isOpen()
                && Filters.fixed(snapshot.server(index), load, snapshot.override(index)) == null;
    }

    /** Returns whether the instance's stay is that of a server that could serve. */
    public static boolean isEligible(Snapshot snapshot, ServerLoad load) {
        for (int i = 0; i < snapshot.size(); i++) {
            if (snapshot.load(i) == load) {
                return isEligible(snapshot, i);
            }
        }
        return false;
    }

    /** The share of the eligible servers that is fit, 0 to 1; 1 if there is no eligible server. */
    public double fitShare() {
        return eligible == 0 ? 1 : (double) fit / eligible;
    }

    /** How many may be ejected at once: the greatest share of the eligible servers, and never all of them. */
    private int most(double maxShare) {
        return Math.min((int) (maxShare * eligible + ROUNDING), eligible - 1);
    }

    /** Returns whether one more may be ejected: this server, unless it is the last that is neither unhealthy nor ejected. */
    public boolean mayEject(ServerLoad load, double maxShare) {
        return ejected.size() < most(maxShare) && (load.isUnhealthy() || healthy > 1);
    }

    /** Returns the ejected server that must come back because too many are out; null if there is none. */
    @Nullable
    public Entry tooMany(double maxShare) {
        boolean noneLeft = healthy == 0;
        if (ejected.size() <= Math.max(0, most(maxShare)) && !noneLeft) {
            return null;
        }
        Comparator<Entry> first = Comparator.comparing(Entry::unhealthy)
                .thenComparing(e -> !e.traffic().isOnTrial())
                .thenComparing(e -> e.traffic().until());
        Entry earliest = ejected.stream().min(first).orElse(null);
        boolean helps = earliest != null && (!earliest.unhealthy() || ejected.size() > Math.max(0, most(maxShare)));
        return helps ? earliest : null;
    }
}
