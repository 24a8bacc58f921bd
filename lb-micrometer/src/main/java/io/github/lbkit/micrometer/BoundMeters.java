package io.github.lbkit.micrometer;

import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.explain.EjectionReason;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The meters of one balancer in one registry. {@link #join} adds the meters of servers and {@link #leave} removes them;
 * the caller guards both by one monitor. The timers are thread-safe.
 */
final class BoundMeters {
    private static final Duration[] BUCKETS =
            millis(0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000);

    private final MeterRegistry registry;
    private final MeterSources sources;
    private final Tags tags;
    private final StatusCache statuses;
    private final List<Meter> balancerMeters;
    private final Map<String, ServerMeters> byServer = new HashMap<>();
    private final Timer firstByte;
    private final Timer launch;
    private final Map<RecoveryTracker.Phase, Timer> phases = new EnumMap<>(RecoveryTracker.Phase.class);

    /** The sources of the meters' values: a balancer, its counters, and the name under which it is shown. */
    record MeterSources(
            String name,
            LoadBalancer balancer,
            PoolCounters counters,
            RecoveryTracker recoveries,
            Conditions conditions) {}

    private record ServerMeters(ServerCounters counters, Timer duration, List<Meter> meters) {}

    /**
     * Registers the meters of the balancer, but none of a server.
     *
     * @throws IllegalStateException if one of these meters already belongs to another owner; no meter is registered
     *     then
     */
    BoundMeters(MeterRegistry registry, MeterSources sources) {
        this.registry = registry;
        this.sources = sources;
        LoadBalancer balancer = sources.balancer();
        tags = Tags.of(
                MeterRegistration.BALANCER,
                sources.name(),
                "pool",
                balancer.pool().name());
        statuses = new StatusCache(balancer, registry.config().clock());
        MeterRegistration registration = new MeterRegistration(registry, tags, MeterRegistration.present(registry));
        try {
            firstByte = registration.timer(Metric.FIRST_BYTE, Tags.empty(), BUCKETS);
            launch = registration.timer(Metric.LAUNCH_DURATION, Tags.empty());
            for (RecoveryTracker.Phase phase : RecoveryTracker.Phase.values()) {
                phases.put(phase, registration.timer(Metric.RECOVERY, tag("phase", phase)));
            }
            countRequests(registration, balancer, sources.counters());
            countEvents(registration, sources.counters());
            watchServers(registration, balancer);
            watchMembership(registration, balancer);
        } catch (RuntimeException | Error e) {
            registration.undo();
            throw e;
        }
        balancerMeters = registration.meters();
    }

    private static Duration[] millis(double... millis) {
        Duration[] durations = new Duration[millis.length];
        for (int i = 0; i < millis.length; i++) {
            durations[i] = Duration.ofNanos((long) (millis[i] * 1_000_000));
        }
        return durations;
    }

    private static Tags tag(String key, Enum<?> value) {
        return Tags.of(key, AttemptOutcome.tag(value));
    }

    private static void countRequests(MeterRegistration meters, LoadBalancer balancer, PoolCounters counters) {
        meters.counter(Metric.REQUESTS, counters.requests);
        meters.counter(Metric.RETRIES, counters.retries);
        counters.unserved()
                .forEach((why, adder) -> meters.counter(Metric.REQUESTS_UNSERVED, tag("reason", why), adder));
        counters.skips().forEach((why, adder) -> meters.counter(Metric.SKIPS, tag("reason", why), adder));
        meters.counter(Metric.FORCED, Tags.empty(), balancer, LoadBalancer::forced);
        if (balancer.retriesLeft().isPresent()) {
            meters.gauge(Metric.RETRY_BUDGET_LEFT, () -> balancer.retriesLeft().orElse(0));
        }
    }

    private static void countEvents(MeterRegistration meters, PoolCounters counters) {
        meters.counter(Metric.LOSSES, counters.losses);
        meters.counter(Metric.RESPAWNS, counters.respawns);
        meters.counter(Metric.LAUNCH_FAILURES, counters.launchFailures);
        meters.counter(Metric.STREAM_REOPENINGS, counters.streamReopenings);
        meters.counter(Metric.DRAINS, counters.drains);
        meters.counter(Metric.DRAINED_ATTEMPTS, Tags.of("outcome", "finished"), counters.drainedFinished);
        meters.counter(Metric.DRAINED_ATTEMPTS, Tags.of("outcome", "cut"), counters.drainedCut);
    }

    private void watchServers(MeterRegistration meters, LoadBalancer balancer) {
        for (Server.State state : Server.State.values()) {
            meters.gauge(Metric.SERVERS, tag("state", state), () -> statuses.servers(state));
        }
        meters.gauge(Metric.SERVERS_PICKABLE, statuses::pickable);
        meters.gauge(Metric.SERVERS_DESIRED, () -> desired(balancer.pool()));
        meters.gauge(Metric.SERVERS_LAUNCHING, sources.recoveries()::launching);
        meters.gauge(Metric.FAIL_OPEN, () -> sources.conditions().isFailOpen() ? 1 : 0);
        Clock clock = registry.config().clock();
        Imbalance imbalance = new Imbalance(statuses, sources.counters(), clock.monotonicTime());
        meters.gauge(Metric.IMBALANCE, () -> imbalance.maxOverMean(clock.monotonicTime()));
    }

    private void watchMembership(MeterRegistration meters, LoadBalancer balancer) {
        meters.gauge(Metric.MEMBERSHIP_VERSION, () -> balancer.membership().version());
        meters.gauge(Metric.MEMBERSHIP_FINGERPRINT, () -> balancer.membership().fingerprint() >>> 16);
        meters.gauge(Metric.MEMBERSHIP_REFUSED, () -> sources.conditions().isRefused(balancer.membership()) ? 1 : 0);
        meters.gauge(Metric.ROUTING_FINGERPRINT, () -> balancer.routingFingerprint() >>> 16);
        meters.seconds(Metric.MEMBERSHIP_AGE, balancer, b -> b.pool().age().toNanos());
    }

    /** Returns the pool's desired size; for a pool without one, the number of its servers that are not draining. */
    private static long desired(ServerPool pool) {
        return pool instanceof ManagedServerPool managed
                ? managed.desired().size()
                : pool.membership().members().size();
    }

    /**
     * Registers the meters of the servers that have none yet.
     *
     * @throws IllegalStateException if one of these meters already belongs to another owner; none is registered then
     *     for the server that the message names
     */
    void join(Collection<ServerCounters> servers) {
        List<ServerCounters> joining = servers.stream()
                .filter(server -> !byServer.containsKey(server.id()))
                .toList();
        if (!joining.isEmpty()) {
            Set<Meter> present = MeterRegistration.present(registry);
            joining.forEach(server -> join(server, present));
        }
    }

    private void join(ServerCounters server, Set<Meter> present) {
        MeterRegistration meters = new MeterRegistration(registry, tags.and("server", server.id()), present);
        try {
            Timer duration = meters.timer(Metric.ATTEMPT_DURATION, Tags.empty());
            count(server, meters);
            watch(server.id(), meters);
            byServer.put(server.id(), new ServerMeters(server, duration, meters.meters()));
            server.addDuration(duration);
        } catch (RuntimeException | Error e) {
            meters.undo();
            throw e;
        }
    }

    private static void count(ServerCounters server, MeterRegistration meters) {
        meters.counter(Metric.PICKS, server.picks());
        for (AttemptOutcome outcome : AttemptOutcome.values()) {
            meters.counter(Metric.ATTEMPTS, tag("outcome", outcome), server.outcome(outcome));
        }
        for (EjectionReason reason : EjectionReason.values()) {
            meters.counter(Metric.EJECTIONS, tag("reason", reason), server.ejections(reason));
        }
        meters.counter(Metric.HEALTH_CHANGES, Tags.of("verdict", "healthy"), server.verdicts(true));
        meters.counter(Metric.HEALTH_CHANGES, Tags.of("verdict", "unhealthy"), server.verdicts(false));
    }

    private void watch(String id, MeterRegistration meters) {
        meters.gauge(Metric.IN_FLIGHT, () -> statuses.inFlight(id));
        meters.gauge(Metric.SHARE, () -> statuses.share(id));
        meters.gauge(Metric.READY, () -> statuses.ready(id));
        meters.gauge(Metric.EXPECTED, () -> statuses.expected(id));
        meters.gauge(Metric.UNHEALTHY, () -> statuses.unhealthy(id));
        meters.gauge(Metric.EJECTED, () -> statuses.ejected(id));
        meters.seconds(Metric.LATENCY, sources.balancer(), b -> statuses.latencyNanos(id));
    }

    /** Removes the meters of a server. */
    void leave(String id) {
        ServerMeters left = byServer.remove(id);
        if (left != null) {
            left.counters().removeDuration(left.duration());
            left.meters().forEach(registry::remove);
        }
    }

    /** Removes every meter. */
    void unbind() {
        List.copyOf(byServer.keySet()).forEach(this::leave);
        balancerMeters.forEach(registry::remove);
    }

    void responded(Duration sinceBegin) {
        firstByte.record(sinceBegin);
    }

    void launched(Duration sinceLaunch) {
        launch.record(sinceLaunch);
    }

    void recordPhase(RecoveryTracker.Phase phase, Duration time) {
        Timer timer = phases.get(phase);
        if (timer != null) {
            timer.record(time);
        }
    }
}
