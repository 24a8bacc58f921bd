package io.github.lbkit.micrometer;

import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.OperatorOverride;
import io.github.lbkit.api.explain.ServerStatus;
import io.micrometer.core.instrument.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A cache of the balancer's state for the gauges of one registry. It reads the balancer at most once in 100 ms: a
 * scrape reads the balancer once, not once per gauge, and all its gauges show the same moment. Guarded by its monitor.
 */
final class StatusCache {
    private static final long FRESH_NANOS = Duration.ofMillis(100).toNanos();

    private final LoadBalancer balancer;
    private final Clock clock;
    private Map<String, ServerStatus> statuses = Map.of();
    private Map<String, Double> shares = Map.of();
    private long sharesVersion;
    private boolean read;
    private long readAtNanos;

    StatusCache(LoadBalancer balancer, Clock clock) {
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
        return status != null && status.health().isPickable() ? 1 : 0;
    }

    /** Returns 1 if the server should receive calls, whatever its health and its load; otherwise 0. */
    synchronized double expected(String id) {
        ServerStatus status = status(id);
        boolean expected = status != null
                && status.server().state() != Server.State.DRAINING
                && status.server().weight() > 0
                && status.operator() == OperatorOverride.NONE;
        return expected ? 1 : 0;
    }

    synchronized double unhealthy(String id) {
        ServerStatus status = status(id);
        return status != null && status.health().unhealthy().isPresent() ? 1 : 0;
    }

    synchronized double ejected(String id) {
        ServerStatus status = status(id);
        return status != null && status.health().ejected().isPresent() ? 1 : 0;
    }

    synchronized long pickable() {
        return servers().stream().filter(status -> status.health().isPickable()).count();
    }

    /** Returns all servers of the membership. */
    synchronized Collection<ServerStatus> servers() {
        refresh();
        return statuses.values();
    }

    synchronized double servers(Server.State state) {
        return servers().stream()
                .filter(status -> status.server().state() == state)
                .count();
    }

    synchronized double share(String id) {
        long version = balancer.membership().version();
        if (shares.isEmpty() || sharesVersion != version) {
            sharesVersion = version;
            shares = balancer.shares();
        }
        return shares.getOrDefault(id, 0.0);
    }

    private @Nullable ServerStatus status(String id) {
        refresh();
        return statuses.get(id);
    }

    private void refresh() {
        long now = clock.monotonicTime();
        if (!read || now - readAtNanos >= FRESH_NANOS) {
            read = true;
            readAtNanos = now;
            Map<String, ServerStatus> next = new HashMap<>();
            balancer.servers().forEach(status -> next.put(status.server().id(), status));
            statuses = next;
        }
    }
}
