package io.github.lbkit.api;

import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.health.RetryBudget;
import io.github.lbkit.api.health.WarmUp;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Chooses servers of a pool by a policy. Thread-safe; a call takes one volatile read of an immutable snapshot.
 *
 * <p>{@link #call} begins a request's way; {@link Call#next} gives the servers to try. Closing the balancer ends its
 * subscription, not the pool.
 */
public final class LoadBalancer implements AutoCloseable {
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
        scheduler = builder.runtimes.scheduler("lb-" + pool.name());
        random = builder.random;
        maxAttempts = builder.maxAttempts;
        maxInFlightPerServer = builder.maxInFlightPerServer;
        retryAfter = builder.retryAfter;
        listener = builder.listeners.isEmpty() ? null : new AttemptListeners(builder.listeners);
        retryBudget = builder.retryBudget;
        boundedLoad = builder.boundedLoad;
        inFlightCap = builder.inFlightCap;
        writer = new SnapshotWriter(
                policy, builder.stripes(), scheduler, w -> new Protection(builder.protection(), scheduler, random, w));
        protection = writer.protection();
        builder.listeners.forEach(writer::listen);
        writer.changed(pool.membership());
        subscription = pool.subscribe(writer);
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
        return writer.listen(instances);
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
        return writer.status();
    }

    /**
     * Sets the operator's word about a server; it survives changes of the membership.
     *
     * @return the word before
     * @throws IllegalArgumentException if no server of the membership has this id, unless the word is taken back
     */
    public OperatorOverride override(String id, OperatorOverride override) {
        if (override != OperatorOverride.NONE && membership().server(id).isEmpty()) {
            throw new IllegalArgumentException("no server has the id '" + id + "'; the servers are "
                    + membership().servers().stream().map(Server::id).toList());
        }
        return writer.override(id, override);
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
     * Names everything that decides where a key goes: members, weights, router, settings and key hash. Two balancers
     * with the same value give every key the same owner.
     */
    public long routingFingerprint() {
        Snapshot snapshot = writer.snapshot();
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(ByteBuffer.allocate(8)
                    .putLong(snapshot.membership.fingerprint())
                    .flip());
            sha.update(policy.name().getBytes(StandardCharsets.UTF_8));
            sha.update((byte) 0);
            sha.update(snapshot.table.picker().settings().getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(sha.digest()).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
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

    /** Something has ended that a call may have waited for. */
    void freed() {
        WaitQueue waiting = queue;
        if (waiting != null) {
            waiting.wake();
        }
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

        /** Takes servers out by what probes find; never by default. Whoever made the probe closes it, after the balancer. */
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
         * Health and ejections are ignored while less than this share of the ready servers is neither unhealthy nor
         * ejected, 0 to 1; 0.5 by default.
         */
        public Builder failOpenBelow(double value) {
            if (!(value >= 0 && value <= 1)) {
                throw new IllegalArgumentException("failOpenBelow " + value + " is not 0 to 1");
            }
            failOpenBelow = value;
            return this;
        }

        /** Follows everything that happens. */
        public Builder listener(LoadBalancerListener value) {
            listeners.add(value);
            return this;
        }

        private Protection.Settings protection() {
            return new Protection.Settings(ejection, warmUp, healthChecks, failOpenBelow);
        }

        /** One where someone wants to know exactly what a server has in flight before it gets more. */
        private int stripes() {
            boolean exact = policy.readsLoad() || boundedLoad != null || maxInFlightPerServer != Long.MAX_VALUE;
            return exact ? 1 : Stripe.count();
        }

        /** The balancer; it follows the pool from here on. */
        public LoadBalancer build() {
            return new LoadBalancer(this);
        }
    }
}
