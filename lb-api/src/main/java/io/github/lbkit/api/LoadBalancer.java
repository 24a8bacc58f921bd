package io.github.lbkit.api;

import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.health.RetryBudget;
import io.github.lbkit.api.health.WarmUp;
import io.github.lbkit.api.internal.GuardedCalls;
import io.github.lbkit.api.internal.RateLimitedLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses servers of a pool by a policy. Thread-safe; a call takes one volatile read of an immutable snapshot.
 *
 * <p>{@link #call} begins a request's way; {@link Call#next} gives the servers to try. Closing the balancer ends its
 * subscription, not the pool.
 */
public final class LoadBalancer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LoadBalancer.class);

    final Scheduler scheduler;
    final LongSupplier random;
    final int maxAttempts;
    final long maxInFlightPerServer;
    final Duration retryAfter;
    final @Nullable AttemptListeners listener;
    final @Nullable InFlightCap inFlightCap;
    final @Nullable RetryBudget retryBudget;
    final @Nullable BoundedLoad boundedLoad;
    final Protection protection;

    private final GuardedCalls calls;

    private final ServerPool pool;
    private final Policy policy;
    private final SnapshotWriter writer;
    private final Subscription subscription;

    /** Written once by close, read by every call. */
    private volatile boolean closed;

    /** Those that wait for a server; written when a queue begins and ends, read by every attempt that ends. */
    private volatile @Nullable WaitQueue queue;

    private LoadBalancer(Builder builder) {
        pool = builder.pool;
        policy = builder.policy;
        random = builder.random;
        maxAttempts = builder.maxAttempts;
        maxInFlightPerServer = builder.maxInFlightPerServer;
        retryAfter = builder.retryAfter;
        retryBudget = builder.retryBudget;
        boundedLoad = builder.boundedLoad;
        inFlightCap = builder.inFlightCap;
        int stripes = builder.stripes();
        scheduler = builder.runtimes.scheduler("lb-" + pool.name());
        Scheduler opened = scheduler;
        try {
            RateLimitedLog log = new RateLimitedLog(LOG, opened::nanoTime);
            calls = new GuardedCalls("pool " + pool.name(), log);
            listener = builder.listeners.isEmpty() ? null : new AttemptListeners(builder.listeners, calls);
            StateListeners listeners = new StateListeners(calls);
            listeners.add(new StateLog(pool.name(), log));
            builder.listeners.forEach(listeners::add);
            writer = new SnapshotWriter(
                    policy, stripes, opened, listeners, w -> new Protection(builder.protection(), opened, random, w));
            protection = writer.protection();
            writer.changed(pool.membership());
            subscription = pool.subscribe(writer);
        } catch (Throwable e) {
            opened.close();
            throw e;
        }
    }

    /** A balancer over this pool, by this policy, with the defaults that the builder's methods tell. */
    public static Builder builder(ServerPool pool, Policy policy) {
        return new Builder(pool, policy);
    }

    /** Begins a request's way, routed by this key. */
    public Call call(Key key) {
        return new OneCall(this, key, writer.snapshot());
    }

    /** The pool that the servers come from. */
    public ServerPool pool() {
        return pool;
    }

    /** The policy that chooses. */
    public Policy policy() {
        return policy;
    }

    /** The membership in use. */
    public Membership membership() {
        return writer.snapshot().membership;
    }

    /** Follows which instances may be talked to, from now on. */
    public Subscription follow(InstanceListener instances) {
        return writer.listeners().add(instances);
    }

    /** Returns the time by the balancer's clock, in nanoseconds from an arbitrary origin; compare by difference. */
    public long nanoTime() {
        return scheduler.nanoTime();
    }

    /**
     * Runs the task once, this long from now, on the balancer's own thread, where the task must not block: for time limits
     * of what callers do with attempts. After {@link #close} nothing runs.
     */
    public Subscription schedule(Duration delay, Runnable task) {
        return scheduler.schedule(delay, task);
    }

    /** Every server of the membership as the balancer sees it, by id. */
    public List<ServerStatus> servers() {
        return new Explainer(this, writer.snapshot()).status();
    }

    /**
     * Sets the operator's word about a server; it survives changes of the membership.
     *
     * @return the word before
     * @throws IllegalArgumentException if no server of the membership has this id, unless the word is taken back
     */
    public OperatorOverride override(String id, OperatorOverride override) {
        if (override != OperatorOverride.NONE && membership().server(id).isEmpty()) {
            throw unknown(id);
        }
        return writer.override(id, override);
    }

    /**
     * Ends the ejection of a server before its time, for an operator who knows that the server is well. The server gets
     * requests from now on, and what was observed before no longer counts. A later ejection is as long as if this one had
     * ended by a trial. Probes and overrides are not affected.
     *
     * @return false if the server is not ejected
     * @throws IllegalArgumentException if no server of the membership has this id
     */
    public boolean endEjection(String id) {
        Server server = membership().server(id).orElseThrow(() -> unknown(id));
        ServerLoad load = server.instance()
                .map(instance -> writer.load(id, instance.generation()))
                .orElse(null);
        return load != null && writer.protection().endEjection(server, load);
    }

    private IllegalArgumentException unknown(String id) {
        return new IllegalArgumentException("no server has the id '" + id + "'; the servers are "
                + membership().servers().stream().map(Server::id).toList());
    }

    /** Why this key goes where it goes; nothing is counted or changed. */
    public Explanation explain(Key key) {
        return new Explainer(this, writer.snapshot()).explain(key);
    }

    /**
     * What this change would do to the key space.
     *
     * @throws IllegalArgumentException if the policy has no place for the members after it
     */
    public Plan plan(MembershipChange change) {
        return new Explainer(this, writer.snapshot()).plan(change);
    }

    /**
     * The share that each server owns, by id: of all keys, or for a policy that does not route by key of all weight; 0
     * to 1. Servers that drain have none.
     */
    public Map<String, Double> shares() {
        return new Explainer(this, writer.snapshot()).shares();
    }

    /**
     * Who owns the key space after this change, for drawing: the owner's id at so many key hashes in rising order, one
     * in each of so many equal parts; empty strings where nobody owns. The hashes are the same for each call with the
     * same number. An empty list if the policy does not route by key.
     *
     * @param change an empty one for the members as they are
     * @param hashes 1 to 65,536
     * @throws IllegalArgumentException if the policy has no place for the members after it
     */
    public List<String> owners(MembershipChange change, int hashes) {
        if (hashes < 1 || hashes > 1 << 16) {
            throw new IllegalArgumentException("hashes " + hashes + " is not within 1 to " + (1 << 16));
        }
        return new Explainer(this, writer.snapshot()).owners(change, hashes);
    }

    /** How many retries the budget would allow now; empty without a budget. */
    public OptionalLong retriesLeft() {
        return retryBudget == null ? OptionalLong.empty() : OptionalLong.of(retryBudget.left());
    }

    /**
     * Names everything that decides where a key goes: ids, weights and the {@link Policy#labels} of the members in force,
     * router, settings and key hash. Two balancers with the same value give every key the same owner; state, instances,
     * other labels and history do not change the value. See {@link RoutingFingerprint}.
     */
    public long routingFingerprint() {
        Snapshot.Table table = writer.snapshot().table;
        return RoutingFingerprint.of(policy, table.members(), table.picker());
    }

    /** How many attempts went to a server beyond its bounded load, because concurrent calls had filled every one. */
    public long forced() {
        return boundedLoad == null ? 0 : boundedLoad.forced();
    }

    /** Ends the subscription; calls get {@link NoServer.Reason#CLOSED}. The pool stays open. */
    @Override
    public void close() {
        closed = true;
        subscription.close();
        freed();
        scheduler.close();
    }

    boolean closed() {
        return closed;
    }

    Snapshot snapshot() {
        return writer.snapshot();
    }

    /** The load of the server's instance; null if it has none. */
    @Nullable
    ServerLoad load(Server server) {
        return server.instance()
                .map(i -> writer.load(server.id(), i.generation()))
                .orElse(null);
    }

    OperatorOverride operator(String id) {
        return writer.operator(id);
    }

    /** Something has ended that a call may have waited for. */
    void freed() {
        WaitQueue waiting = queue;
        if (waiting != null) {
            waiting.wake();
        }
    }

    /** Logs what a picker threw, at most once a minute for its class. */
    void pickFailed(Picker picker, Throwable e) {
        calls.threw(picker, "a pick of policy " + policy.name(), e);
    }

    /** Tells those who follow single attempts that a call got no server. */
    void tell(NoServer none) {
        if (listener != null) {
            listener.tell(l -> l.noServer(none));
        }
    }

    /** Has this queue woken by whatever ends, from here on. */
    synchronized void attach(WaitQueue waiting) {
        if (queue != null) {
            throw new IllegalStateException("the balancer over pool '" + pool.name() + "' has a wait queue already");
        }
        queue = waiting;
    }

    synchronized void detach(WaitQueue waiting) {
        if (queue == waiting) {
            queue = null;
        }
    }

    /** The settings of a balancer. Not thread-safe. */
    public static final class Builder {
        /** The greatest number of {@link #stripes}. */
        private static final int MOST_STRIPES = 64;

        private final ServerPool pool;
        private final Policy policy;
        private final List<LoadBalancerListener> listeners = new ArrayList<>();
        private Runtimes runtimes = Runtimes.system();
        private LongSupplier random = () -> ThreadLocalRandom.current().nextLong();
        private int maxAttempts = 5;
        private long maxInFlightPerServer = Long.MAX_VALUE;
        private Duration retryAfter = Duration.ofSeconds(1);
        private @Nullable Ejection ejection;
        private @Nullable WarmUp warmUp;
        private @Nullable HealthChecks healthChecks;
        private @Nullable RetryBudget retryBudget;
        private @Nullable BoundedLoad boundedLoad;
        private @Nullable InFlightCap inFlightCap;
        private double failOpenBelow = 0.5;
        private int stripes; // 0: by the number of processors

        private Builder(ServerPool pool, Policy policy) {
            this.pool = pool;
            this.policy = policy;
        }

        /** Where time comes from, and the thread that ends drains; the system's by default. */
        public Builder runtimes(Runtimes value) {
            runtimes = value;
            return this;
        }

        /** Where random draws come from, 64 bits each; must be thread-safe. Each thread's own generator by default. */
        public Builder random(LongSupplier value) {
            random = value;
            return this;
        }

        /** How many attempts a call may make, 1 or more; 5 by default. */
        public Builder maxAttempts(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("maxAttempts " + value + " is not 1 or more");
            }
            maxAttempts = value;
            return this;
        }

        /** How many attempts may be in flight to one instance, 1 or more; no limit by default. */
        public Builder maxInFlightPerServer(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("maxInFlightPerServer " + value + " is not 1 or more");
            }
            maxInFlightPerServer = value;
            return this;
        }

        /**
         * How many attempts may be in flight to all servers together, 1 or more; no limit by default. A call beyond it gets
         * {@link NoServer.Reason#POOL_BUSY} at once. It costs one counter that all calls share.
         */
        public Builder maxInFlight(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("maxInFlight " + value + " is not 1 or more");
            }
            inFlightCap = new InFlightCap(value);
            return this;
        }

        /** What a call without a server tells its client to wait; 1 second by default. */
        public Builder retryAfter(Duration value) {
            if (value.isNegative()) {
                throw new IllegalArgumentException("retryAfter " + value + " is negative");
            }
            retryAfter = value;
            return this;
        }

        /**
         * Takes servers out by what probes find; by default by the pool's own {@link ServerPool#healthChecks}, if it has any.
         * Whoever made the probe closes it, after the balancer.
         */
        public Builder healthChecks(HealthChecks value) {
            healthChecks = value;
            return this;
        }

        /** Takes servers out by what their traffic shows; never by default. */
        public Builder ejection(Ejection value) {
            ejection = value;
            return this;
        }

        /** Gives servers that join their traffic little by little; at once by default. */
        public Builder warmUp(WarmUp value) {
            warmUp = value;
            return this;
        }

        /** Bounds retries over all calls; a call's first after a lost server is free. No bound by default. */
        public Builder retryBudget(RetryBudget value) {
            retryBudget = value;
            return this;
        }

        /**
         * Bounds what a server carries: at most ⌈factor · total · weight / weights⌉ of all attempts in flight, over the
         * servers that may be picked; 1 to 100, in thousandths. Keys of a server that is full go to their next
         * candidates. No bound by default. After a server has admitted an attempt, its load is within the cap at the
         * total that the call had read; only if concurrent calls fill every candidate twice in a row, the least loaded
         * takes one more, which {@link LoadBalancer#forced} counts.
         */
        public Builder loadFactor(double value) {
            boundedLoad = new BoundedLoad(value);
            return this;
        }

        /**
         * Sets the share of fit servers below which fail-open ignores health and ejections, 0 to 1; 0.5 by default. The share
         * is that of the servers that could serve: ready, of a weight above 0, not overridden. A server is fit unless its
         * probes failed or an ejection holds it out; one whose ejection time is over is fit, and its next request is a trial.
         */
        public Builder failOpenBelow(double value) {
            if (!(value >= 0 && value <= 1)) {
                throw new IllegalArgumentException("failOpenBelow " + value + " is not 0 to 1");
            }
            failOpenBelow = value;
            return this;
        }

        /**
         * Sets into how many groups threads are dealt that count what they have in flight apart, so that they do not slow each
         * other down: a power of two, 1 to 64. By default as many as processors, up to 8. Where the policy
         * or a setting reads loads before each pick, the number is 1, and a greater one is refused by {@link #build}.
         */
        public Builder stripes(int value) {
            if (value < 1 || value > MOST_STRIPES || Integer.bitCount(value) != 1) {
                throw new IllegalArgumentException(
                        "stripes " + value + " is not a power of two within 1 to " + MOST_STRIPES);
            }
            stripes = value;
            return this;
        }

        /** Follows everything that happens. */
        public Builder listener(LoadBalancerListener value) {
            listeners.add(value);
            return this;
        }

        private Protection.Settings protection() {
            HealthChecks checks =
                    healthChecks != null ? healthChecks : pool.healthChecks().orElse(null);
            return new Protection.Settings(ejection, warmUp, checks, failOpenBelow);
        }

        /** One where loads are read before each pick: by least-requests, in-flight caps of servers, and bounded load. */
        private int stripes() {
            boolean exact = policy.readsLoad() || boundedLoad != null || maxInFlightPerServer != Long.MAX_VALUE;
            if (exact && stripes > 1) {
                throw new IllegalArgumentException("stripes " + stripes + " is not 1, which policy " + policy.name()
                        + (boundedLoad != null ? " with a loadFactor" : "")
                        + (maxInFlightPerServer != Long.MAX_VALUE ? " with maxInFlightPerServer" : "")
                        + " needs to read loads exactly");
            }
            return exact ? 1 : stripes > 0 ? stripes : Stripe.count();
        }

        /** The balancer; it follows the pool from here on. */
        public LoadBalancer build() {
            return new LoadBalancer(this);
        }
    }
}
