package io.github.lbkit.api;

import io.github.lbkit.api.health.HealthChecks;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The changing set of servers that a balancer chooses from. Thread-safe; readers take one volatile read.
 *
 * <p>A pool whose source cannot be reached keeps the last membership, and says by {@link #age()} how old it is.
 */
public interface ServerPool extends AutoCloseable {
    /** The pool's name, for logs, labels and metrics. */
    String name();

    /** The newest snapshot; never blocks. {@link Membership#UNKNOWN} until something is known. */
    Membership membership();

    /**
     * Completes with the first snapshot that says something: for a pool that launches its servers, the first in which
     * all desired servers have become ready or failed once. Completes exceptionally if the pool is closed before.
     */
    CompletionStage<Membership> ready();

    /**
     * Calls this listener with the newest snapshot soon, and with every change after that until the subscription is
     * closed.
     */
    Subscription subscribe(PoolListener listener);

    /** How long ago the source last confirmed the membership; zero for a pool that is its own source. */
    default Duration age() {
        return Duration.ZERO;
    }

    /**
     * The health checks that balancers over this pool make of its servers, unless they have checks of their own; none by
     * default. A pool that launches its servers knows how they are asked.
     */
    default Optional<HealthChecks> healthChecks() {
        return Optional.empty();
    }

    /** Releases what the pool holds, within bounded time. Again: nothing happens. */
    @Override
    void close();
}
