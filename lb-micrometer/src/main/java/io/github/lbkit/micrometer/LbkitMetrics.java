package io.github.lbkit.micrometer;

import io.github.lbkit.api.EjectionReason;
import io.github.lbkit.api.Failure;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.NoServer;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.SkipReason;
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
 * <p>Counting begins with {@link #follow} and costs striped counters; each registry that is bound adds its timers. Every meter
 * has the tag {@code balancer} with the name that is given here, and the tag {@code pool}. The name tells the balancers of one
 * registry apart: several balancers, also of one pool, may be shown in one registry, and closing the metrics of one leaves the
 * meters of the others.
 *
 * <p>The meters of a server have the tag {@code server} with its id. They are removed when the server leaves, so the number of
 * meters is bounded by the size of the pool. A registry that throws harms no request and no other registry.
 */
public final class LbkitMetrics implements LoadBalancerListener, MeterBinder, AutoCloseable {
    private final Optional<String> name;
    private final LongSupplier nanoTime;
    private final Conditions conditions = new Conditions();
    private final Registries registries = new Registries();

    /** Written once by {@link #follow}, read by every event. */
    private volatile BoundMeters.@Nullable Counted followed;

    /** Metrics of a balancer that is shown by the name of its pool. Recoveries are timed by the system's clock. */
    public LbkitMetrics() {
        this(Optional.empty(), System::nanoTime);
    }

    /**
     * Metrics of a balancer that is shown by this name. Recoveries are timed by the system's clock.
     *
     * @param balancer the value of the tag {@code balancer}, unique in each registry and not blank
     */
    public LbkitMetrics(String balancer) {
        this(balancer, System::nanoTime);
    }

    /**
     * Metrics of a balancer that is shown by this name.
     *
     * @param balancer the value of the tag {@code balancer}, unique in each registry and not blank
     * @param nanoTime the clock that times recoveries, in nanoseconds
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
     * Begins to count what this balancer does. The balancer must have these metrics as its listener.
     *
     * @throws IllegalStateException if these metrics follow a balancer already
     */
    public synchronized void follow(LoadBalancer balancer) {
        if (followed != null) {
            throw new IllegalStateException("these metrics follow a balancer already; each balancer needs its own");
        }
        PoolTally tally = new PoolTally(balancer);
        tally.follow(left -> {});
        Recoveries recoveries = new Recoveries(tally, nanoTime, registries::phaseTook, registries::launched);
        String shownAs = name.orElse(balancer.pool().name());
        followed = new BoundMeters.Counted(shownAs, balancer, tally, recoveries, conditions);
    }

    /**
     * Registers every meter.
     *
     * @throws IllegalStateException if {@link #follow} was not called before; if the registry, or a member of a composite
     *     registry, has meters of a balancer of this name already; or if a meter filter of the registry takes away the tags that
     *     tell balancers or servers apart. The registry is then as it was before
     */
    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        BoundMeters.Counted now = followed;
        if (now == null) {
            throw new IllegalStateException("follow(balancer) comes before bindTo(registry)");
        }
        registries.bind(registry, now);
    }

    /** Removes every meter of this balancer from every registry. A second call does nothing. */
    @Override
    public synchronized void close() {
        registries.unbind();
    }

    @Override
    public void membershipChanged(Membership before, Membership after, boolean newTable) {
        BoundMeters.Counted now = followed;
        if (now != null) {
            sync(now);
        }
    }

    private synchronized void sync(BoundMeters.Counted now) {
        List<String> leaving = new ArrayList<>();
        now.tally().follow(left -> leaving.add(left.id()));
        leaving.forEach(now.recoveries()::forget);
        registries.follow(now.tally(), leaving);
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
        BoundMeters.Counted now = followed;
        if (now != null) {
            now.tally().requests.increment();
        }
    }

    @Override
    public void attemptBegan(Server server) {
        BoundMeters.Counted now = followed;
        if (now != null) {
            ServerTally tally = now.tally().of(server);
            tally.picks().increment();
            long since = tally.takeFirst();
            if (since != 0) {
                Duration waited = Duration.ofNanos(nanoTime.getAsLong() - since);
                registries.phaseTook(Recoveries.Phase.FIRST_REQUEST, waited);
            }
        }
    }

    @Override
    public void retried(Server server) {
        BoundMeters.Counted now = followed;
        if (now != null) {
            now.tally().retries.increment();
        }
    }

    @Override
    public void skipped(Server server, SkipReason reason) {
        BoundMeters.Counted now = followed;
        LongAdder skips = now == null ? null : now.tally().skips().get(reason);
        if (skips != null) {
            skips.increment();
        }
    }

    @Override
    public void noServer(NoServer noServer) {
        BoundMeters.Counted now = followed;
        LongAdder unserved = now == null ? null : now.tally().unserved().get(noServer.reason());
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
        ended(server, Outcome.SUCCESS, sinceBegin);
    }

    @Override
    public void failed(Server server, Failure failure, Duration sinceBegin) {
        ended(server, Outcome.of(failure), sinceBegin);
    }

    @Override
    public void abandoned(Server server, Duration sinceBegin) {
        ended(server, Outcome.ABANDONED, sinceBegin);
    }

    private void ended(Server server, Outcome outcome, Duration sinceBegin) {
        BoundMeters.Counted now = followed;
        if (now != null) {
            now.tally().of(server).ended(outcome, sinceBegin);
        }
    }

    @Override
    public void ejected(Server server, Duration time, EjectionReason reason) {
        BoundMeters.Counted now = followed;
        if (now != null) {
            now.tally().of(server).ejections(reason).increment();
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
        BoundMeters.Counted now = followed;
        if (now != null) {
            now.tally().of(server).verdicts(healthy).increment();
        }
    }

    @Override
    public void poolEvent(PoolEvent event) {
        BoundMeters.Counted now = followed;
        if (now == null) {
            return;
        }
        if (event instanceof PoolEvent.OfServer ofServer) {
            now.recoveries().happened(ofServer);
        } else if (event instanceof PoolEvent.StreamReopened) {
            now.tally().streamReopenings.increment();
        }
    }
}
