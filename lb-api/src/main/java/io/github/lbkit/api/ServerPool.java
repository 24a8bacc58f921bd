package io.github.lbkit.api;

import io.github.lbkit.api.health.HealthChecks;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A changing set of servers from which a balancer chooses. Thread-safe; reading costs one volatile read.
 *
 * <p>A pool that cannot reach its source keeps the last membership and reports its age by {@link #age()}.
 */
public interface ServerPool extends AutoCloseable {
    /** Returns the pool's name, for logs, labels and metrics. */
    String name();

    /** Returns the newest snapshot; never blocks. {@link Membership#UNKNOWN} until the first snapshot. */
    Membership membership();

    /**
     * Returns a stage that completes with the first snapshot. For a pool that launches its servers, this is the first
     * snapshot in which all desired servers have become ready or failed once. Completes exceptionally if the pool is
     * closed before.
     */
    CompletionStage<Membership> ready();

    /**
     * Registers a listener, which is called with the newest snapshot soon, and with every later change until the
     * subscription is closed.
     */
    Subscription subscribe(PoolListener listener);

    /** Returns the time since the source last confirmed the membership; zero for a pool that is its own source. */
    default Duration age() {
        return Duration.ZERO;
    }

    /** Returns the health checks of balancers over this pool that have no checks of their own; none by default. */
    default Optional<HealthChecks> healthChecks() {
        return Optional.empty();
    }

    /** Releases the pool's resources within bounded time. A second call does nothing. */
    @Override
    void close();
}
