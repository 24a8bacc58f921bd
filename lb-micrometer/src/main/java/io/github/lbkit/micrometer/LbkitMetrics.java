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
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of one balancer and its pool. Thread-safe.
 *
 * <pre>{@code
 * LbkitMetrics metrics = new LbkitMetrics();
 * LoadBalancer balancer = LoadBalancer.builder(pool, policy).listener(metrics).build();
 * metrics.follow(balancer);
 * metrics.bindTo(registry);
 * }</pre>
 *
 * <p>Counting begins with {@link #follow} and costs striped counters; each registry that is bound adds its timers. Every
 * meter has the tag {@code pool}, and those of a server the tag {@code server} with its id: the meters of a server that
 * has left are removed, so their number is bounded by the pool's. A registry that throws harms no request.
 */
public final class LbkitMetrics implements LoadBalancerListener, MeterBinder, AutoCloseable {
    private final LongSupplier nanoTime;
    private final List<BoundMeters> bound = new CopyOnWriteArrayList<>();

    /** Written once by {@link #follow}, read by every event. */
    private volatile @Nullable Followed followed;

    private record Followed(LoadBalancer balancer, PoolTally tally, Recoveries recoveries) {}

    /** Metrics of a balancer that is still to be built; recoveries are timed by the system's clock. */
    public LbkitMetrics() {
        this(System::nanoTime);
    }

    /** Metrics of a balancer that is still to be built; recoveries are timed by this clock, in nanoseconds. */
    public LbkitMetrics(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Begins to count what this balancer does; it must have these metrics as its listener.
     *
     * @throws IllegalStateException if they follow one already
     */
    public synchronized void follow(LoadBalancer balancer) {
        if (followed != null) {
            throw new IllegalStateException("these metrics follow a balancer already; each needs its own");
        }
        PoolTally tally = new PoolTally(balancer);
        tally.follow(left -> {});
        Recoveries recoveries = new Recoveries(
                tally,
                nanoTime,
                (phase, time) -> bound.forEach(meters -> meters.phaseTook(phase, time)),
                time -> bound.forEach(meters -> meters.launched(time)));
        followed = new Followed(balancer, tally, recoveries);
    }

    /**
     * Registers every meter; with each registry once.
     *
     * @throws IllegalStateException if {@link #follow} was not called before
     */
    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        Followed now = followed;
        if (now == null) {
            throw new IllegalStateException("follow(balancer) comes before bindTo(registry)");
        }
        BoundMeters meters = new BoundMeters(registry, now.balancer(), now.tally(), now.recoveries());
        now.tally().servers().forEach(meters::join);
        bound.add(meters);
    }

    /** Removes every meter from every registry. Again: nothing happens. */
    @Override
    public synchronized void close() {
        Followed now = followed;
        if (now != null) {
            now.tally().servers().forEach(ServerTally::removeDurations);
        }
        List<BoundMeters> all = List.copyOf(bound);
        bound.clear();
        all.forEach(BoundMeters::unbind);
    }

    @Override
    public void membershipChanged(Membership before, Membership after, boolean newTable) {
        Followed now = followed;
        if (now != null) {
            sync(now);
        }
    }

    private synchronized void sync(Followed now) {
        now.tally().follow(left -> {
            now.recoveries().forget(left.id());
            bound.forEach(meters -> meters.leave(left.id()));
        });
        bound.forEach(meters -> now.tally().servers().forEach(meters::join));
    }

    @Override
    public void callBegan() {
        Followed now = followed;
        if (now != null) {
            now.tally().requests.increment();
        }
    }

    @Override
    public void attemptBegan(Server server) {
        Followed now = followed;
        if (now != null) {
            ServerTally tally = now.tally().of(server);
            tally.picks().increment();
            long since = tally.takeFirst();
            if (since != 0) {
                Duration waited = Duration.ofNanos(nanoTime.getAsLong() - since);
                bound.forEach(meters -> meters.phaseTook(Recoveries.Phase.FIRST_REQUEST, waited));
            }
        }
    }

    @Override
    public void retried(Server server) {
        Followed now = followed;
        if (now != null) {
            now.tally().retries.increment();
        }
    }

    @Override
    public void skipped(Server server, SkipReason reason) {
        Followed now = followed;
        LongAdder skips = now == null ? null : now.tally().skips().get(reason);
        if (skips != null) {
            skips.increment();
        }
    }

    @Override
    public void noServer(NoServer noServer) {
        Followed now = followed;
        LongAdder unserved = now == null ? null : now.tally().unserved().get(noServer.reason());
        if (unserved != null) {
            unserved.increment();
        }
    }

    @Override
    public void responded(Server server, Duration sinceBegin) {
        for (BoundMeters meters : bound) {
            meters.responded(sinceBegin);
        }
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
        Followed now = followed;
        if (now != null) {
            now.tally().of(server).ended(outcome, sinceBegin);
        }
    }

    @Override
    public void ejected(Server server, Duration time, EjectionReason reason) {
        Followed now = followed;
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
        Followed now = followed;
        if (now != null) {
            now.tally().of(server).verdicts(healthy).increment();
        }
    }

    @Override
    public void poolEvent(PoolEvent event) {
        Followed now = followed;
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
