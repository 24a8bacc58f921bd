package io.github.lbkit.micrometer;

import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.OperatorOverride;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerStatus;
import io.micrometer.core.instrument.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What gauges read of a balancer, taken once for all of them: a scrape of a thousand servers asks the balancer once, not
 * a thousand times. Guarded by its monitor.
 */
final class Readings {
    private static final long FRESH_NANOS = Duration.ofMillis(100).toNanos();

    private final LoadBalancer balancer;
    private final Clock clock;
    private Map<String, ServerStatus> statuses = Map.of();
    private Map<String, Double> shares = Map.of();
    private long sharesOf;
    private boolean taken;
    private long takenAt;

    Readings(LoadBalancer balancer, Clock clock) {
        this.balancer = balancer;
        this.clock = clock;
    }

    synchronized double inFlight(String id) {
        ServerStatus status = status(id);
        return status == null ? 0 : status.inFlight();
    }

    synchronized double latencyNanos(String id) {
        ServerStatus status = status(id);
        return status == null ? 0 : status.latencyNanos();
    }

    synchronized double ready(String id) {
        ServerStatus status = status(id);
        boolean serves = status != null
                && status.server().state() == Server.State.READY
                && status.operator() == OperatorOverride.NONE;
        return serves ? 1 : 0;
    }

    synchronized double servers(Server.State state) {
        take();
        return statuses.values().stream()
                .filter(status -> status.server().state() == state)
                .count();
    }

    synchronized double share(String id) {
        long version = balancer.membership().version();
        if (shares.isEmpty() || sharesOf != version) {
            sharesOf = version;
            shares = balancer.shares();
        }
        return shares.getOrDefault(id, 0.0);
    }

    private @Nullable ServerStatus status(String id) {
        take();
        return statuses.get(id);
    }

    private void take() {
        long now = clock.monotonicTime();
        if (!taken || now - takenAt >= FRESH_NANOS) {
            taken = true;
            takenAt = now;
            Map<String, ServerStatus> next = new HashMap<>();
            balancer.servers().forEach(status -> next.put(status.server().id(), status));
            statuses = next;
        }
    }
}
