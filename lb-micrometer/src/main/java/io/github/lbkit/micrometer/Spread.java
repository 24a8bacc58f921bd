package io.github.lbkit.micrometer;

import io.github.lbkit.api.OperatorOverride;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A measure of how evenly the picks of the last one to two minutes were spread over the servers, relative to their weights.
 * A window begins and ends when the measure is read. Guarded by its monitor.
 */
final class Spread {
    private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();

    private final Readings readings;
    private final PoolTally tally;
    private Map<String, Long> older;
    private Map<String, Long> newer;
    private long newerSince;

    Spread(Readings readings, PoolTally tally, long nowNanos) {
        this.readings = readings;
        this.tally = tally;
        newer = picks();
        older = newer;
        newerSince = nowNanos;
    }

    /**
     * Returns the greatest number of picks per weight of a ready server, divided by the mean; not a number while there are no
     * picks. A server that joins begins a new window.
     */
    synchronized double maxOverMean(long nowNanos) {
        List<Server> counted = readings.servers().stream()
                .filter(status -> status.operator() == OperatorOverride.NONE)
                .map(ServerStatus::server)
                .filter(server -> server.state() == Server.State.READY && server.weight() > 0)
                .toList();
        if (!counted.stream().allMatch(server -> older.containsKey(server.id()))) {
            newer = picks();
            older = newer;
            newerSince = nowNanos;
        } else if (nowNanos - newerSince >= WINDOW_NANOS) {
            older = newer;
            newer = picks();
            newerSince = nowNanos;
        }
        return maxOverMean(counted, picks());
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
        tally.servers().forEach(server -> picks.put(server.id(), server.picks().sum()));
        return picks;
    }
}
