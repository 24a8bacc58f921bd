package io.github.lbkit.api;

import io.github.lbkit.api.explain.Explanation;
import io.github.lbkit.api.explain.MembershipChange;
import io.github.lbkit.api.explain.OperatorOverride;
import io.github.lbkit.api.explain.Plan;
import io.github.lbkit.api.explain.ServerStatus;
import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.health.RetryBudget;
import io.github.lbkit.api.health.WarmUp;
import io.github.lbkit.api.internal.balancer.BalancerEngine;
import io.github.lbkit.api.internal.balancer.BalancerSettings;
import io.github.lbkit.api.internal.load.LoadCounter;
import io.github.lbkit.api.internal.protection.Protection;
import io.github.lbkit.api.internal.search.BoundedLoad;
import io.github.lbkit.api.internal.search.CallContext;
import io.github.lbkit.api.internal.search.InFlightCap;
import io.github.lbkit.api.policy.RoutingFingerprint;
import io.github.lbkit.api.runtime.Runtimes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * A load balancer: chooses a server of a pool for each request, by a policy. Thread-safe; a call reads an immutable
 * snapshot by one volatile read, takes no lock and never blocks.
 *
 * <p>{@link #call} begins one request; {@link Call#next} returns the servers to try, one after the other. Closing the
 * balancer ends its subscription to the pool and leaves the pool open.
 *
 * <pre>{@code
 * LoadBalancer balancer = LoadBalancer.builder(pool, new RoundRobin()).build();
 * if (balancer.call(Key.of("user-7")).next() instanceof Attempt attempt) {
 *     try (attempt) {
 *         send(request, attempt.instance().address());
 *         attempt.succeeded();
 *     } catch (IOException e) {
 *         attempt.failed(Failure.DISCONNECT);
 *     }
 * }
 * }</pre>
 */
public final class LoadBalancer implements AutoCloseable {
    private static final int MAX_HASHES = 1 << 16;

    private final BalancerEngine engine;

    private LoadBalancer(ServerPool pool, Policy policy, BalancerSettings settings) {
        engine = new BalancerEngine(pool, policy, settings, LoggerFactory.getLogger(LoadBalancer.class));
    }

    /**
     * Returns a builder of a balancer over this pool, by this policy, with the defaults named at the builder's methods.
     */
    public static Builder builder(ServerPool pool, Policy policy) {
        return new Builder(pool, policy);
    }

    /** Begins the call of one request, routed by this key. */
    public Call call(Key key) {
        return engine.call(key);
    }

    /** Returns the pool. */
    public ServerPool pool() {
        return engine.pool();
    }

    /** Returns the policy. */
    public Policy policy() {
        return engine.policy();
    }

    /** Returns the membership that the balancer uses now. */
    public Membership membership() {
        return engine.membership();
    }

    /** Registers a listener of the instances that may be used, for all later changes. */
    public Subscription follow(InstanceListener instances) {
        return engine.follow(instances);
    }

    /**
     * Returns the time of the balancer's clock, in nanoseconds from an arbitrary origin; compare times by difference.
     */
    public long nanoTime() {
        return engine.scheduler().nanoTime();
    }

    /**
     * Runs a task once after this delay, on the balancer's own thread, for example to enforce a deadline of an attempt.
     * The task must not block. After {@link #close} no task runs.
     */
    public Subscription schedule(Duration delay, Runnable task) {
        return engine.scheduler().schedule(delay, task);
    }

    /** Returns the status of every server of the membership, by id. */
    public List<ServerStatus> servers() {
        return engine.explainer().status();
    }

    /**
     * Sets the operator's override of a server. The override survives changes of the membership.
     *
     * @return the previous override
     * @throws IllegalArgumentException if no server of the membership has this id and the override is not {@link
     *     OperatorOverride#NONE}
     */
    public OperatorOverride override(String id, OperatorOverride override) {
        if (override != OperatorOverride.NONE && membership().server(id).isEmpty()) {
            throw unknown(id);
        }
        return engine.override(id, override);
    }

    /**
     * Ends the ejection of a server early, for an operator who knows that the server works. The server gets requests at
     * once, and earlier outcomes no longer count. A later ejection is as long as if this one had ended by a trial.
     * Probes and overrides are not affected.
     *
     * @return false if the server is not ejected
     * @throws IllegalArgumentException if no server of the membership has this id
     */
    public boolean endEjection(String id) {
        return engine.endEjection(membership().server(id).orElseThrow(() -> unknown(id)));
    }

    private IllegalArgumentException unknown(String id) {
        return new IllegalArgumentException("no server has the id '" + id + "'; the servers are "
                + membership().servers().stream().map(Server::id).toList());
    }

    /** Returns why a key goes to its server. Counts and changes nothing. */
    public Explanation explain(Key key) {
        return engine.explainer().explain(key);
    }

    /**
     * Returns how a change would move the key space.
     *
     * @throws IllegalArgumentException if the policy cannot route to the members after the change
     */
    public Plan plan(MembershipChange change) {
        return engine.explainer().plan(change);
    }

    /**
     * Returns the share of each server, by id, 0 to 1: of all keys, or of the total weight for a policy that does not
     * route by key. Draining servers have no share.
     */
    public Map<String, Double> shares() {
        return engine.explainer().shares();
    }

    /**
     * Returns the owner's id at this number of key hashes after a change, for drawing the key space. The hash range is
     * divided into equal parts with one hash in each, in rising order. Equal numbers give equal hashes. An entry is
     * empty where no server owns the hash. The list is empty if the policy does not route by key.
     *
     * @param change an empty change for the current members
     * @param hashes 1 to 65,536
     * @throws IllegalArgumentException if the policy cannot route to the members after the change
     */
    public List<String> owners(MembershipChange change, int hashes) {
        if (hashes < 1 || hashes > MAX_HASHES) {
            throw new IllegalArgumentException("hashes " + hashes + " is not within 1 to " + MAX_HASHES);
        }
        return engine.explainer().owners(change, hashes);
    }

    /** Returns the number of retries that the retry budget allows now; empty without a budget. */
    public OptionalLong retriesLeft() {
        return engine.retriesLeft();
    }

    /**
     * Returns a fingerprint of everything that decides the owner of a key: ids, weights and the {@link Policy#labels}
     * of the members in force, the router, its settings and the key hash. Two balancers with equal fingerprints give
     * every key the same owner. State, instances, other labels and history do not change the fingerprint. See {@link
     * RoutingFingerprint}.
     */
    public long routingFingerprint() {
        return engine.routingFingerprint();
    }

    /**
     * Returns the number of attempts beyond a server's bounded load, because concurrent calls had filled every server.
     */
    public long forced() {
        return engine.forced();
    }

    /** Ends the subscription; later calls get {@link NoServer.Reason#CLOSED}. The pool stays open. */
    @Override
    public void close() {
        engine.close();
    }

    BalancerEngine engine() {
        return engine;
    }

    /** The settings of a balancer. Not thread-safe. */
    public static final class Builder {
        private static final int MAX_LOAD_COUNTERS = 64;

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
        private double failOpenThreshold = 0.5;
        private int loadCounters; // 0: by the number of processors

        private Builder(ServerPool pool, Policy policy) {
            this.pool = pool;
            this.policy = policy;
        }

        /** Sets the source of time and of the balancer's thread; {@link Runtimes#system} by default. */
        public Builder runtimes(Runtimes value) {
            runtimes = value;
            return this;
        }

        /** Sets the source of random draws, 64 bits each; thread-safe. Each thread's own generator by default. */
        public Builder random(LongSupplier value) {
            random = value;
            return this;
        }

        /** Sets the maximum number of attempts of a call, 1 or more; 5 by default. */
        public Builder maxAttempts(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("maxAttempts " + value + " is not 1 or more");
            }
            maxAttempts = value;
            return this;
        }

        /** Sets the maximum number of attempts in flight to one instance, 1 or more; unlimited by default. */
        public Builder maxInFlightPerServer(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("maxInFlightPerServer " + value + " is not 1 or more");
            }
            maxInFlightPerServer = value;
            return this;
        }

        /**
         * Sets the maximum number of attempts in flight to all servers together, 1 or more; unlimited by default. A
         * call beyond the maximum gets {@link NoServer.Reason#POOL_BUSY} at once. The limit costs one counter that all
         * calls share.
         */
        public Builder maxInFlight(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("maxInFlight " + value + " is not 1 or more");
            }
            inFlightCap = new InFlightCap(value);
            return this;
        }

        /** Sets the pause that a call without a server recommends to its client; 1 second by default. */
        public Builder retryAfter(Duration value) {
            if (value.isNegative()) {
                throw new IllegalArgumentException("retryAfter " + value + " is negative");
            }
            retryAfter = value;
            return this;
        }

        /**
         * Sets the active health checks. By default the balancer uses the pool's own {@link ServerPool#healthChecks},
         * if the pool has any. The creator of the probe closes the probe after the balancer.
         */
        public Builder healthChecks(HealthChecks value) {
            healthChecks = value;
            return this;
        }

        /** Sets the rules of ejection by observed traffic; no ejection by default. */
        public Builder ejection(Ejection value) {
            ejection = value;
            return this;
        }

        /** Sets the warm-up of servers that join; full traffic at once by default. */
        public Builder warmUp(WarmUp value) {
            warmUp = value;
            return this;
        }

        /**
         * Sets the bound of retries over all calls; unbounded by default. The first retry of a call after a lost server
         * is not charged.
         */
        public Builder retryBudget(RetryBudget value) {
            retryBudget = value;
            return this;
        }

        /**
         * Bounds the load of each server to ⌈factor · total · weight / weights⌉ attempts, where total is the number of
         * all attempts in flight and weights is the sum over the servers that may be picked. The factor is 1 to 100, in
         * thousandths. A key whose server is full goes to its next candidate. Unbounded by default. An admitted attempt
         * is within the cap at the total that the call had read. Only if concurrent calls fill every candidate twice in
         * a row, the least loaded server takes one attempt more, which {@link LoadBalancer#forced} counts.
         */
        public Builder loadFactor(double value) {
            boundedLoad = new BoundedLoad(value);
            return this;
        }

        /**
         * Sets the share of fit servers below which fail-open ignores health and ejections, 0 to 1; 0.5 by default. The
         * share is counted over the eligible servers: ready, with a weight above 0, not overridden. A server is fit
         * unless its probes failed or an ejection excludes it. A server whose ejection time is over is fit, and its
         * next request is a trial.
         */
        public Builder failOpenThreshold(double value) {
            if (!(value >= 0 && value <= 1)) {
                throw new IllegalArgumentException("failOpenThreshold " + value + " is not 0 to 1");
            }
            failOpenThreshold = value;
            return this;
        }

        /**
         * Sets the number of load counters of each instance, a power of two, 1 to 64. Threads are distributed over the
         * counters, so that they do not contend for one cache line. By default the number of processors, up to 8. Where
         * the policy or a limit reads loads before each pick, the number is 1, and {@link #build} refuses a greater
         * one.
         */
        public Builder loadCounters(int value) {
            if (value < 1 || value > MAX_LOAD_COUNTERS || Integer.bitCount(value) != 1) {
                throw new IllegalArgumentException(
                        "loadCounters " + value + " is not a power of two within 1 to " + MAX_LOAD_COUNTERS);
            }
            loadCounters = value;
            return this;
        }

        /** Adds a listener of all events. */
        public Builder listener(LoadBalancerListener value) {
            listeners.add(value);
            return this;
        }

        private Protection.Settings protection() {
            HealthChecks checks =
                    healthChecks != null ? healthChecks : pool.healthChecks().orElse(null);
            return new Protection.Settings(ejection, warmUp, checks, failOpenThreshold);
        }

        /** Returns 1 where least-requests, an in-flight cap or a bounded load reads loads before each pick. */
        private int chosenLoadCounters() {
            boolean exact = policy.readsLoad() || boundedLoad != null || maxInFlightPerServer != Long.MAX_VALUE;
            if (exact && loadCounters > 1) {
                throw new IllegalArgumentException("loadCounters " + loadCounters + " is not 1, which policy "
                        + policy.name()
                        + (boundedLoad != null ? " with a loadFactor" : "")
                        + (maxInFlightPerServer != Long.MAX_VALUE ? " with maxInFlightPerServer" : "")
                        + " needs to read loads exactly");
            }
            return exact ? 1 : loadCounters > 0 ? loadCounters : LoadCounter.defaultCount();
        }

        /** Creates the balancer, which follows the pool until it is closed. */
        public LoadBalancer build() {
            CallContext.Limits limits = new CallContext.Limits(
                    maxAttempts, maxInFlightPerServer, retryAfter, inFlightCap, retryBudget, boundedLoad);
            return new LoadBalancer(
                    pool,
                    policy,
                    new BalancerSettings(runtimes, random, limits, protection(), chosenLoadCounters(), listeners));
        }
    }
}
