package io.github.lbkit.micrometer;

import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.OperatorOverride;
import io.github.lbkit.api.explain.ServerStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A measure of the imbalance of the picks of the last one to two minutes, relative to the weights of the servers. Time
 * windows begin and end when the measure is read. Guarded by its monitor.
 */
final class Imbalance {
    private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();

    private final StatusCache statuses;
    private final PoolCounters counters;
    private Map<String, Long> older;
    private Map<String, Long> newer;
    private long newerSince;

    Imbalance(StatusCache statuses, PoolCounters counters, long nowNanos) {
        this.statuses = statuses;
        this.counters = counters;
        newer = picks();
        older = newer;
        newerSince = nowNanos;
    }

    /**
     * Returns the highest number of picks per weight of a ready server, divided by the mean; NaN while there are no
     * picks. A new window begins when a server joins.
     */
    synchronized double maxOverMean(long nowNanos) {
        List<Server> measured = statuses.servers().stream()
                .filter(status -> status.operator() == OperatorOverride.NONE)
                .map(ServerStatus::server)
                .filter(server -> server.state() == Server.State.READY && server.weight() > 0)
                .toList();
        if (!measured.stream().allMatch(server -> older.containsKey(server.id()))) {
            newer = picks();
            older = newer;
            newerSince = nowNanos;
        } else if (nowNanos - newerSince >= WINDOW_NANOS) {
            older = newer;
            newer = picks();
            newerSince = nowNanos;
        }
        return maxOverMean(measured, picks());
    }

    private double maxOverMean(List<Server> servers, Map<String, Long> now) {
        double greatest = 0;
        double sum = 0;
        double weights = 0;
        for (Server server : servers) {
            double picks = now.getOrDefault(server.id(), 0L) - older.getOrDefault(server.id(), 0L);
            greatest = Math.max(greatest, picks / server.weight());
            sum += picks;
            weights += server.weight();
        }
        return sum > 0 ? greatest / (sum / weights) : Double.NaN;
    }

    private Map<String, Long> picks() {
        Map<String, Long> picks = new HashMap<>();
        counters.servers()
                .forEach(server -> picks.put(server.id(), server.picks().sum()));
        return picks;
    }
}
