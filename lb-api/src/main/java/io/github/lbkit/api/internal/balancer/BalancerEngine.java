package io.github.lbkit.api.internal.balancer;

import io.github.lbkit.api.Call;
import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.InstanceListener;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.Policy;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.explain.OperatorOverride;
import io.github.lbkit.api.health.RetryBudget;
import io.github.lbkit.api.internal.GuardedCalls;
import io.github.lbkit.api.internal.RateLimitedLog;
import io.github.lbkit.api.internal.event.AttemptListeners;
import io.github.lbkit.api.internal.event.StateListeners;
import io.github.lbkit.api.internal.event.StateLog;
import io.github.lbkit.api.internal.load.ServerLoad;
import io.github.lbkit.api.internal.protection.Protection;
import io.github.lbkit.api.internal.search.BalancerCall;
import io.github.lbkit.api.internal.search.BoundedLoad;
import io.github.lbkit.api.internal.search.CallContext;
import io.github.lbkit.api.internal.search.Explainer;
import io.github.lbkit.api.internal.snapshot.RoutingTable;
import io.github.lbkit.api.policy.RoutingFingerprint;
import io.github.lbkit.api.runtime.Scheduler;
import java.util.OptionalLong;
import org.slf4j.Logger;

/** The wiring of a balancer: builds its parts from the settings and follows the pool. Thread-safe. */
public final class BalancerEngine implements AutoCloseable {
    private final ServerPool pool;
    private final Policy policy;
    private final Scheduler scheduler;
    private final Protection protection;
    private final SnapshotWriter writer;
    private final CallContext context;
    private final Subscription subscription;

    /** True while a wait queue is attached. Guarded by the monitor. */
    private boolean queued;

    /**
     * Creates the engine and subscribes to the pool.
     *
     * @param logger the logger of state changes and of callbacks that throw
     */
    public BalancerEngine(ServerPool pool, Policy policy, BalancerSettings settings, Logger logger) {
        this.pool = pool;
        this.policy = policy;
        Scheduler opened = settings.runtimes().scheduler("lb-" + pool.name());
        scheduler = opened;
        try {
            RateLimitedLog log = new RateLimitedLog(logger, opened::nanoTime);
            GuardedCalls calls = new GuardedCalls("pool " + pool.name(), log);
            StateListeners listeners = new StateListeners(calls);
            listeners.add(new StateLog(pool.name(), log));
            settings.listeners().forEach(listeners::add);
            writer = new SnapshotWriter(
                    policy,
                    settings.loadCounters(),
                    opened,
                    listeners,
                    registry -> new Protection(settings.protection(), opened, settings.random(), registry, listeners));
            protection = writer.protection();
            context = new CallContext(
                    settings.limits(),
                    opened,
                    settings.random(),
                    policy.name(),
                    calls,
                    settings.listeners().isEmpty() ? null : new AttemptListeners(settings.listeners(), calls),
                    protection,
                    writer);
            writer.changed(pool.membership());
            subscription = pool.subscribe(writer);
        } catch (Throwable e) {
            opened.close();
            throw e;
        }
    }

    /** Begins a call with this key. */
    public Call call(Key key) {
        return new BalancerCall(context, key, writer.snapshot());
    }

    /** Returns the pool. */
    public ServerPool pool() {
        return pool;
    }

    /** Returns the policy. */
    public Policy policy() {
        return policy;
    }

    /** Returns the context that all calls of this balancer share. */
    public CallContext context() {
        return context;
    }

    /** Returns the balancer's clock and timer. */
    public Scheduler scheduler() {
        return scheduler;
    }

    /** Returns the membership of the newest snapshot. */
    public Membership membership() {
        return writer.snapshot().membership();
    }

    /** Returns a reader of the newest snapshot. */
    public Explainer explainer() {
        return new Explainer(context, policy, writer, writer::override, writer.snapshot());
    }

    /** Registers a listener of state changes. */
    public Subscription follow(InstanceListener listener) {
        return writer.listeners().add(listener);
    }

    /** Sets the operator's override of a server, and returns the override before. */
    public OperatorOverride override(String id, OperatorOverride override) {
        return writer.override(id, override);
    }

    /** Ends the ejection of a server before its time; returns false if the server is not ejected. */
    public boolean endEjection(Server server) {
        ServerLoad load = server.instance()
                .map(instance -> writer.load(new InstanceId(server.id(), instance.generation())))
                .orElse(null);
        return load != null && protection.endEjection(server, load);
    }

    /** Returns the number of retries that the budget allows now; empty without a budget. */
    public OptionalLong retriesLeft() {
        RetryBudget budget = context.limits().retryBudget();
        return budget == null ? OptionalLong.empty() : OptionalLong.of(budget.left());
    }

    /** Returns the routing fingerprint of the table in force. */
    public long routingFingerprint() {
        RoutingTable table = writer.snapshot().table();
        return RoutingFingerprint.of(policy, table.members(), table.picker());
    }

    /** Returns the number of attempts beyond the bounded load of their server. */
    public long forced() {
        BoundedLoad bound = context.limits().boundedLoad();
        return bound == null ? 0 : bound.forced();
    }

    /** Attaches the balancer's only wait queue, whose callback runs whenever an attempt has ended. */
    synchronized void attach(Runnable freed) {
        if (queued) {
            throw new IllegalStateException("the balancer over pool '" + pool.name() + "' has a wait queue already");
        }
        queued = true;
        context.onFreed(freed);
    }

    /** Detaches the wait queue. */
    synchronized void detach() {
        queued = false;
        context.onFreed(null);
    }

    @Override
    public void close() {
        context.close();
        subscription.close();
        context.freed();
        scheduler.close();
    }
}
