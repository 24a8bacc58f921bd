package io.github.lbkit.api.internal.snapshot;

import io.github.lbkit.api.Server;
import io.github.lbkit.api.internal.load.ServerLoad;
import io.github.lbkit.api.internal.load.TrafficHealth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The eligible servers of a snapshot at one moment: ready, with a weight above 0, without an operator's override. Only
 * eligible servers count as ejected or unhealthy. Immutable.
 *
 * <p>A server is <i>fit</i> unless its probes failed or an ejection excludes it. A server whose ejection time is over
 * is fit, since its next request is a trial.
 *
 * @param eligible the number of eligible servers
 * @param fit the number of fit servers
 * @param healthy the number of servers that are neither unhealthy nor ejected
 * @param outWeight the sum of the weights of unhealthy or ejected servers
 * @param ejected the ejected servers
 */
public record EligibleServers(int eligible, int fit, int healthy, long outWeight, List<Entry> ejected) {
    /** No eligible server. */
    public static final EligibleServers NONE = new EligibleServers(0, 0, 0, 0, List.of());

    /** The tolerance for the rounding of a share times a number of servers. */
    private static final double ROUNDING = 1e-9;

    /** One ejected server. */
    public record Entry(Server server, TrafficHealth traffic, boolean unhealthy) {}

    /** Returns the eligible servers of this snapshot. */
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

    /** Returns whether the load belongs to an eligible server. */
    public static boolean isEligible(Snapshot snapshot, ServerLoad load) {
        for (int i = 0; i < snapshot.size(); i++) {
            if (snapshot.load(i) == load) {
                return isEligible(snapshot, i);
            }
        }
        return false;
    }

    /** Returns the share of fit servers, 0 to 1; 1 without an eligible server. */
    public double fitShare() {
        return eligible == 0 ? 1 : (double) fit / eligible;
    }

    /** Returns the maximum number of ejected servers: at most this share, and never all servers. */
    private int maxEjected(double maxShare) {
        return Math.min((int) (maxShare * eligible + ROUNDING), eligible - 1);
    }

    /**
     * Returns whether this server may be ejected: the maximum is not reached, and another server is neither unhealthy
     * nor ejected.
     */
    public boolean mayEject(ServerLoad load, double maxShare) {
        return ejected.size() < maxEjected(maxShare) && (load.isUnhealthy() || healthy > 1);
    }

    /** Returns the ejected server whose ejection must end because too many are ejected; null if there is none. */
    @Nullable
    public Entry firstToReturn(double maxShare) {
        boolean noneLeft = healthy == 0;
        if (ejected.size() <= Math.max(0, maxEjected(maxShare)) && !noneLeft) {
            return null;
        }
        Comparator<Entry> first = Comparator.comparing(Entry::unhealthy)
                .thenComparing(e -> !e.traffic().isOnTrial())
                .thenComparing(e -> e.traffic().until());
        Entry earliest = ejected.stream().min(first).orElse(null);
        boolean helps =
                earliest != null && (!earliest.unhealthy() || ejected.size() > Math.max(0, maxEjected(maxShare)));
        return helps ? earliest : null;
    }
}
