package io.github.lbkit.api.internal.search;

import io.github.lbkit.api.NoServer;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.health.RetryBudget;
import io.github.lbkit.api.internal.GuardedCalls;
import io.github.lbkit.api.internal.event.AttemptListeners;
import io.github.lbkit.api.internal.protection.LoadRegistry;
import io.github.lbkit.api.internal.protection.Protection;
import io.github.lbkit.api.internal.snapshot.Snapshot;
import io.github.lbkit.api.runtime.Scheduler;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The limits, clock and listeners that all calls of one balancer share. Thread-safe.
 *
 * <p>The state that changes: {@link #close} is written once and read by every call. The callback of {@link #onFreed} is
 * written when a wait queue begins and ends, and read by every attempt that ends.
 */
public final class CallContext {
    final Scheduler scheduler;
    final LongSupplier random;
    final Limits limits;
    final int maxAttempts;
    final long maxInFlightPerServer;
    final Duration retryAfter;
    final @Nullable AttemptListeners listeners;
    final @Nullable InFlightCap inFlightCap;
    final @Nullable RetryBudget retryBudget;
    final @Nullable BoundedLoad boundedLoad;
    final Protection protection;

    private final String policy;
    private final GuardedCalls calls;
    private final LoadRegistry registry;
    private volatile boolean closed;
    private volatile @Nullable Runnable freed;

    /**
     * The limits of the calls. Immutable, but for the counters of the caps.
     *
     * @param maxAttempts the maximum number of attempts of one call
     * @param maxInFlightPerServer the maximum number of attempts in flight to one instance
     * @param retryAfter the pause that a call without a server recommends to its client
     * @param inFlightCap the cap of all servers together; null without a cap
     * @param retryBudget the bound of retries over all calls; null without a bound
     * @param boundedLoad the bounded load; null without a bound
     */
    public record Limits(
            int maxAttempts,
            long maxInFlightPerServer,
            Duration retryAfter,
            @Nullable InFlightCap inFlightCap,
            @Nullable RetryBudget retryBudget,
            @Nullable BoundedLoad boundedLoad) {}

    /**
     * Creates the context of a balancer's calls.
     *
     * @param policy the name of the policy, for the log
     * @param listeners the listeners of single calls and attempts; null if there is none
     */
    public CallContext(
            Limits limits,
            Scheduler scheduler,
            LongSupplier random,
            String policy,
            GuardedCalls calls,
            @Nullable AttemptListeners listeners,
            Protection protection,
            LoadRegistry registry) {
        this.limits = limits;
        this.scheduler = scheduler;
        this.random = random;
        this.policy = policy;
        this.calls = calls;
        this.listeners = listeners;
        this.protection = protection;
        this.registry = registry;
        this.maxAttempts = limits.maxAttempts();
        this.maxInFlightPerServer = limits.maxInFlightPerServer();
        this.retryAfter = limits.retryAfter();
        this.inFlightCap = limits.inFlightCap();
        this.retryBudget = limits.retryBudget();
        this.boundedLoad = limits.boundedLoad();
    }

    /** Returns the limits. */
    public Limits limits() {
        return limits;
    }

    /** Returns the newest snapshot. */
    public Snapshot snapshot() {
        return registry.snapshot();
    }

    /** Returns the balancer's clock and timer. */
    public Scheduler scheduler() {
        return scheduler;
    }

    /** Makes every later call end with {@link NoServer.Reason#CLOSED}. */
    public void close() {
        closed = true;
    }

    /** Returns whether the balancer is closed. */
    boolean closed() {
        return closed;
    }

    /** Runs this callback whenever an attempt has ended; null ends that. The callback must not block. */
    public void onFreed(@Nullable Runnable callback) {
        freed = callback;
    }

    /** Reports that an attempt has ended, for which a call may wait. */
    public void freed() {
        Runnable callback = freed;
        if (callback != null) {
            callback.run();
        }
    }

    /** Logs what a picker threw, at most once a minute for the picker's class. */
    void pickFailed(Picker picker, Throwable e) {
        calls.threw(picker, "a pick of policy " + policy, e);
    }

    /** Returns the result of a call that gets no server for this reason; tells no listener. */
    public NoServer noServer(NoServer.Reason reason) {
        return new NoServer(reason, retryAfter);
    }

    /** Tells the listeners of attempts that a call got no server. */
    public void tell(NoServer none) {
        if (listeners != null) {
            listeners.tell(l -> l.noServer(none));
        }
    }
}
