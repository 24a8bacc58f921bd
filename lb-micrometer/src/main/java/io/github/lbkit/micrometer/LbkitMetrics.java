package io.github.lbkit.micrometer;

import io.github.lbkit.api.Failure;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.NoServer;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.EjectionReason;
import io.github.lbkit.api.explain.SkipReason;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of one balancer and its pool. Thread-safe.
 *
 * <pre>{@code
 * LbkitMetrics metrics = new LbkitMetrics("orders");
 * LoadBalancer balancer = LoadBalancer.builder(pool, policy).listener(metrics).build();
 * metrics.follow(balancer);
 * metrics.bindTo(registry);
 * }</pre>
 *
 * <p>Counting begins with {@link #follow}. An event costs a striped counter, and a timer for each registry. Every meter
 * has the tag {@code balancer} with the name that is given here, and the tag {@code pool}. The name distinguishes the
 * balancers of one registry, even balancers of the same pool. Closing the metrics of one balancer keeps the meters of
 * the others.
 *
 * <p>The meters of a server have the tag {@code server} with its id. They are removed when the server leaves, so that
 * the number of meters is limited by the size of the pool. An exception of one registry affects neither requests nor
 * other registries.
 */
public final class LbkitMetrics implements LoadBalancerListener, MeterBinder, AutoCloseable {
    private final Optional<String> name;
    private final LongSupplier nanoTime;
    private final Conditions conditions = new Conditions();
    private final BoundRegistries registries = new BoundRegistries();

    /** Written once by {@link #follow}, read by every event. */
    private volatile BoundMeters.@Nullable MeterSources followed;

    /**
     * Creates the metrics of a balancer that is shown under the name of its pool. Recoveries are timed by the system
     * clock.
     */
    public LbkitMetrics() {
        this(Optional.empty(), System::nanoTime);
    }

    /**
     * Creates the metrics of a balancer that is shown under this name. Recoveries are timed by the system clock.
     *
     * @param balancer the value of the tag {@code balancer}; unique in each registry and not blank
     */
    public LbkitMetrics(String balancer) {
        this(balancer, System::nanoTime);
    }

    /**
     * Creates the metrics of a balancer that is shown under this name.
     *
     * @param balancer the value of the tag {@code balancer}; unique in each registry and not blank
     * @param nanoTime the clock for the times of recoveries, in nanoseconds
     */
    public LbkitMetrics(String balancer, LongSupplier nanoTime) {
        this(Optional.of(balancer), nanoTime);
        if (balancer.isBlank()) {
            throw new IllegalArgumentException("balancer '" + balancer
                    + "' is blank; a balancer's name has at least one character that is no space");
        }
    }

    private LbkitMetrics(Optional<String> name, LongSupplier nanoTime) {
        this.name = name;
        this.nanoTime = nanoTime;
    }

    /**
     * Begins to count the events of this balancer. These metrics must be registered as a listener of the balancer.
     *
     * @throws IllegalStateException if these metrics follow a balancer already
     */
    public synchronized void follow(LoadBalancer balancer) {
        if (followed != null) {
            throw new IllegalStateException("these metrics follow a balancer already; each balancer needs its own");
        }
        PoolCounters counters = new PoolCounters(balancer);
        counters.follow(left -> {});
        RecoveryTracker recoveries =
                new RecoveryTracker(counters, nanoTime, registries::recordPhase, registries::launched);
        String shownAs = name.orElse(balancer.pool().name());
        followed = new BoundMeters.MeterSources(shownAs, balancer, counters, recoveries, conditions);
    }

    /**
     * Registers every meter. If an exception is thrown, the registry is unchanged.
     *
     * @throws IllegalStateException if {@link #follow} was not called before; if the registry, or a member of a
     *     composite registry, already has meters of a balancer with this name; or if a meter filter of the registry
     *     removes the tags that distinguish balancers or servers
     */
    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        BoundMeters.MeterSources now = followed;
        if (now == null) {
            throw new IllegalStateException("call follow(balancer) before bindTo(registry)");
        }
        registries.bind(registry, now);
    }

    /** Removes all meters of this balancer from all registries. A second call does nothing. */
    @Override
    public synchronized void close() {
        registries.unbind();
    }

    @Override
    public void membershipChanged(Membership before, Membership after, boolean newTable) {
        BoundMeters.MeterSources now = followed;
        if (now != null) {
            sync(now);
        }
    }

    private synchronized void sync(BoundMeters.MeterSources now) {
        List<String> leaving = new ArrayList<>();
        now.counters().follow(left -> leaving.add(left.id()));
        leaving.forEach(now.recoveries()::forget);
        registries.follow(now.counters(), leaving);
    }

    @Override
    public void failOpenChanged(boolean failOpen, int fit, int eligible) {
        conditions.failOpen(failOpen);
    }

    @Override
    public void membershipRefused(Membership membership, String reason) {
        conditions.refused(membership);
    }

    @Override
    public void callBegan() {
        BoundMeters.MeterSources now = followed;
        if (now != null) {
            now.counters().requests.increment();
        }
    }

    @Override
    public void attemptBegan(Server server) {
        BoundMeters.MeterSources now = followed;
        if (now != null) {
            ServerCounters counters = now.counters().of(server);
            counters.picks().increment();
            long since = counters.takeReplacedAt();
            if (since != 0) {
                Duration waited = Duration.ofNanos(nanoTime.getAsLong() - since);
                registries.recordPhase(RecoveryTracker.Phase.FIRST_REQUEST, waited);
            }
        }
    }

    @Override
    public void retried(Server server) {
        BoundMeters.MeterSources now = followed;
        if (now != null) {
            now.counters().retries.increment();
        }
    }

    @Override
    public void skipped(Server server, SkipReason reason) {
        BoundMeters.MeterSources now = followed;
        LongAdder skips = now == null ? null : now.counters().skips().get(reason);
        if (skips != null) {
            skips.increment();
        }
    }

    @Override
    public void noServer(NoServer noServer) {
        BoundMeters.MeterSources now = followed;
        LongAdder unserved = now == null ? null : now.counters().unserved().get(noServer.reason());
        if (unserved != null) {
            unserved.increment();
        }
    }

    @Override
    public void responded(Server server, Duration sinceBegin) {
        registries.responded(sinceBegin);
    }

    @Override
    public void succeeded(Server server, Duration sinceBegin) {
        ended(server, AttemptOutcome.SUCCESS, sinceBegin);
    }

    @Override
    public void failed(Server server, Failure failure, Duration sinceBegin) {
        ended(server, AttemptOutcome.of(failure), sinceBegin);
    }

    @Override
    public void abandoned(Server server, Duration sinceBegin) {
        ended(server, AttemptOutcome.ABANDONED, sinceBegin);
    }

    private void ended(Server server, AttemptOutcome outcome, Duration sinceBegin) {
        BoundMeters.MeterSources now = followed;
        if (now != null) {
            now.counters().of(server).ended(outcome, sinceBegin);
        }
    }

    @Override
    public void ejected(Server server, Duration time, EjectionReason reason) {
        BoundMeters.MeterSources now = followed;
        if (now != null) {
            now.counters().of(server).ejections(reason).increment();
        }
    }

    @Override
    public void becameUnhealthy(Server server, String reason) {
        judged(server, false);
    }

    @Override
    public void becameHealthy(Server server) {
        judged(server, true);
    }

    private void judged(Server server, boolean healthy) {
        BoundMeters.MeterSources now = followed;
        if (now != null) {
            now.counters().of(server).verdicts(healthy).increment();
        }
    }

    @Override
    public void poolEvent(PoolEvent event) {
        BoundMeters.MeterSources now = followed;
        if (now == null) {
            return;
        }
        if (event instanceof PoolEvent.OfServer ofServer) {
            now.recoveries().onEvent(ofServer);
        } else if (event instanceof PoolEvent.StreamReopened) {
            now.counters().streamReopenings.increment();
        }
    }
}
