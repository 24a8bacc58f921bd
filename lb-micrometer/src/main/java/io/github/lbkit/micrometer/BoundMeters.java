package io.github.lbkit.micrometer;

import io.github.lbkit.api.EjectionReason;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The meters of one pool in one registry. Those of a server come and go with it, under the monitor of whoever calls
 * {@link #join} and {@link #leave}; the timers are thread-safe.
 */
final class BoundMeters {
    private static final Duration[] BUCKETS =
            millis(0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000);

    private final MeterRegistry registry;
    private final LoadBalancer balancer;
    private final PoolTally tally;
    private final Tags pool;
    private final Readings readings;
    private final List<Meter> ofPool = new ArrayList<>();
    private final Map<String, List<Meter>> byServer = new HashMap<>();
    private final Timer firstByte;
    private final Timer launch;
    private final Map<Recoveries.Phase, Timer> phases = new HashMap<>();

    BoundMeters(MeterRegistry registry, LoadBalancer balancer, PoolTally tally, Recoveries recoveries) {
        this.registry = registry;
        this.balancer = balancer;
        this.tally = tally;
        pool = Tags.of("pool", balancer.pool().name());
        readings = new Readings(balancer, registry.config().clock());
        firstByte = Timer.builder(Metric.FIRST_BYTE.id())
                .description(Metric.FIRST_BYTE.description())
                .tags(pool)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
        launch = timer(Metric.LAUNCH_DURATION, pool);
        ofPool.addAll(List.of(firstByte, launch));
        for (Recoveries.Phase phase : Recoveries.Phase.values()) {
            Timer timer = timer(Metric.RECOVERY, pool.and("phase", Outcome.tag(phase)));
            phases.put(phase, timer);
            ofPool.add(timer);
        }
        countRequests();
        countEvents();
        watchPool(recoveries);
        watchMembership();
    }

    private static Duration[] millis(double... millis) {
        Duration[] durations = new Duration[millis.length];
        for (int i = 0; i < millis.length; i++) {
            durations[i] = Duration.ofNanos((long) (millis[i] * 1_000_000));
        }
        return durations;
    }

    private void countRequests() {
        ofPool.add(counter(Metric.REQUESTS, pool, tally.requests));
        ofPool.add(counter(Metric.RETRIES, pool, tally.retries));
        tally.unserved()
                .forEach((reason, adder) ->
                        ofPool.add(counter(Metric.REQUESTS_UNSERVED, pool.and("reason", Outcome.tag(reason)), adder)));
        tally.skips()
                .forEach((reason, adder) ->
                        ofPool.add(counter(Metric.SKIPS, pool.and("reason", Outcome.tag(reason)), adder)));
        ofPool.add(FunctionCounter.builder(Metric.FORCED.id(), balancer, LoadBalancer::forced)
                .description(Metric.FORCED.description())
                .tags(pool)
                .register(registry));
        if (balancer.retriesLeft().isPresent()) {
            ofPool.add(gauge(
                    Metric.RETRY_BUDGET_LEFT, pool, () -> balancer.retriesLeft().orElse(0)));
        }
    }

    private void countEvents() {
        ofPool.add(counter(Metric.LOSSES, pool, tally.losses));
        ofPool.add(counter(Metric.RESPAWNS, pool, tally.respawns));
        ofPool.add(counter(Metric.LAUNCH_FAILURES, pool, tally.launchFailures));
        ofPool.add(counter(Metric.STREAM_REOPENINGS, pool, tally.streamReopenings));
        ofPool.add(counter(Metric.DRAINS, pool, tally.drains));
        ofPool.add(counter(Metric.DRAINED_ATTEMPTS, pool.and("outcome", "finished"), tally.drainedFinished));
        ofPool.add(counter(Metric.DRAINED_ATTEMPTS, pool.and("outcome", "cut"), tally.drainedCut));
    }

    private void watchPool(Recoveries recoveries) {
        for (Server.State state : Server.State.values()) {
            ofPool.add(gauge(Metric.SERVERS, pool.and("state", Outcome.tag(state)), () -> readings.servers(state)));
        }
        ofPool.add(gauge(Metric.SERVERS_DESIRED, pool, () -> desired(balancer.pool())));
        ofPool.add(gauge(Metric.SERVERS_LAUNCHING, pool, recoveries::launching));
        Spread spread = new Spread(balancer, tally, registry.config().clock().monotonicTime());
        ofPool.add(gauge(
                Metric.IMBALANCE,
                pool,
                () -> spread.maxOverMean(registry.config().clock().monotonicTime())));
    }

    private void watchMembership() {
        ofPool.add(gauge(
                Metric.MEMBERSHIP_VERSION, pool, () -> balancer.membership().version()));
        ofPool.add(gauge(
                Metric.MEMBERSHIP_FINGERPRINT, pool, () -> balancer.membership().fingerprint() >>> 16));
        ofPool.add(gauge(Metric.ROUTING_FINGERPRINT, pool, () -> balancer.routingFingerprint() >>> 16));
        ofPool.add(seconds(Metric.MEMBERSHIP_AGE, pool, b -> b.pool().age().toNanos()));
    }

    /** A server that drains is on its way out, and not desired. */
    private static long desired(ServerPool pool) {
        return pool instanceof ManagedServerPool managed
                ? managed.desired().size()
                : pool.membership().members().size();
    }

    /** Begins to show a server; again: nothing happens. */
    void join(ServerTally server) {
        if (byServer.containsKey(server.id())) {
            return;
        }
        String id = server.id();
        Tags tags = pool.and("server", id);
        List<Meter> meters = new ArrayList<>();
        byServer.put(id, meters);
        Timer duration = timer(Metric.ATTEMPT_DURATION, tags);
        meters.add(duration);
        server.addDuration(duration);
        meters.add(counter(Metric.PICKS, tags, server.picks()));
        for (Outcome outcome : Outcome.values()) {
            meters.add(counter(Metric.ATTEMPTS, tags.and("outcome", outcome.tag()), server.outcome(outcome)));
        }
        for (EjectionReason reason : EjectionReason.values()) {
            meters.add(counter(Metric.EJECTIONS, tags.and("reason", Outcome.tag(reason)), server.ejections(reason)));
        }
        meters.add(counter(Metric.HEALTH_CHANGES, tags.and("verdict", "healthy"), server.verdicts(true)));
        meters.add(counter(Metric.HEALTH_CHANGES, tags.and("verdict", "unhealthy"), server.verdicts(false)));
        meters.add(gauge(Metric.IN_FLIGHT, tags, () -> readings.inFlight(id)));
        meters.add(gauge(Metric.SHARE, tags, () -> readings.share(id)));
        meters.add(gauge(Metric.READY, tags, () -> readings.ready(id)));
        meters.add(seconds(Metric.LATENCY, tags, b -> readings.latencyNanos(id)));
    }

    /** Removes the meters of a server. */
    void leave(String id) {
        List<Meter> meters = byServer.remove(id);
        if (meters != null) {
            meters.forEach(registry::remove);
        }
    }

    /** Removes every meter. */
    void unbind() {
        List.copyOf(byServer.keySet()).forEach(this::leave);
        ofPool.forEach(registry::remove);
    }

    void responded(Duration sinceBegin) {
        firstByte.record(sinceBegin);
    }

    void launched(Duration sinceLaunch) {
        launch.record(sinceLaunch);
    }

    void phaseTook(Recoveries.Phase phase, Duration time) {
        Timer timer = phases.get(phase);
        if (timer != null) {
            timer.record(time);
        }
    }

    private FunctionCounter counter(Metric metric, Tags tags, LongAdder adder) {
        return FunctionCounter.builder(metric.id(), adder, LongAdder::sum)
                .description(metric.description())
                .tags(tags)
                .register(registry);
    }

    private Gauge gauge(Metric metric, Tags tags, Supplier<Number> value) {
        return Gauge.builder(metric.id(), value)
                .description(metric.description())
                .tags(tags)
                .register(registry);
    }

    private TimeGauge seconds(Metric metric, Tags tags, ToDoubleFunction<LoadBalancer> nanos) {
        return TimeGauge.builder(metric.id(), balancer, TimeUnit.NANOSECONDS, nanos)
                .description(metric.description())
                .tags(tags)
                .register(registry);
    }

    private Timer timer(Metric metric, Tags tags) {
        return Timer.builder(metric.id())
                .description(metric.description())
                .tags(tags)
                .register(registry);
    }
}
