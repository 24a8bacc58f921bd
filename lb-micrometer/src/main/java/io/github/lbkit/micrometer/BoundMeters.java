package io.github.lbkit.micrometer;

import io.github.lbkit.api.EjectionReason;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
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
 * The meters of one balancer in one registry. The meters of a server are added by {@link #join} and removed by {@link #leave},
 * which the caller guards by one monitor; the timers are thread-safe.
 */
final class BoundMeters {
    private static final Duration[] BUCKETS =
            millis(0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000);

    private final MeterRegistry registry;
    private final Counted counted;
    private final Tags tags;
    private final Readings readings;
    private final List<Meter> ofBalancer;
    private final Map<String, Joined> byServer = new HashMap<>();
    private final Timer firstByte;
    private final Timer launch;
    private final Map<Recoveries.Phase, Timer> phases = new EnumMap<>(Recoveries.Phase.class);

    /** One balancer with its counters and the name by which the balancer is shown. */
    record Counted(String name, LoadBalancer balancer, PoolTally tally, Recoveries recoveries, Conditions conditions) {}

    private record Joined(ServerTally tally, Timer duration, List<Meter> meters) {}

    /**
     * Registers the meters of the balancer; none of a server yet.
     *
     * @throws IllegalStateException if a meter of another owner has the id of one of these; nothing is registered then
     */
    BoundMeters(MeterRegistry registry, Counted counted) {
        this.registry = registry;
        this.counted = counted;
        LoadBalancer balancer = counted.balancer();
        tags = Tags.of(
                Registering.BALANCER, counted.name(), "pool", balancer.pool().name());
        readings = new Readings(balancer, registry.config().clock());
        Registering registering = new Registering(registry, tags, Registering.present(registry));
        try {
            firstByte = registering.timer(Metric.FIRST_BYTE, Tags.empty(), BUCKETS);
            launch = registering.timer(Metric.LAUNCH_DURATION, Tags.empty());
            for (Recoveries.Phase phase : Recoveries.Phase.values()) {
                phases.put(phase, registering.timer(Metric.RECOVERY, tag("phase", phase)));
            }
            countRequests(registering, balancer, counted.tally());
            countEvents(registering, counted.tally());
            watchServers(registering, balancer);
            watchMembership(registering, balancer);
        } catch (RuntimeException | Error e) {
            registering.undo();
            throw e;
        }
        ofBalancer = registering.meters();
    }

    private static Duration[] millis(double... millis) {
        Duration[] durations = new Duration[millis.length];
        for (int i = 0; i < millis.length; i++) {
            durations[i] = Duration.ofNanos((long) (millis[i] * 1_000_000));
        }
        return durations;
    }

    private static Tags tag(String key, Enum<?> value) {
        return Tags.of(key, Outcome.tag(value));
    }

    private static void countRequests(Registering meters, LoadBalancer balancer, PoolTally tally) {
        meters.counter(Metric.REQUESTS, tally.requests);
        meters.counter(Metric.RETRIES, tally.retries);
        tally.unserved().forEach((why, adder) -> meters.counter(Metric.REQUESTS_UNSERVED, tag("reason", why), adder));
        tally.skips().forEach((why, adder) -> meters.counter(Metric.SKIPS, tag("reason", why), adder));
        meters.counter(Metric.FORCED, Tags.empty(), balancer, LoadBalancer::forced);
        if (balancer.retriesLeft().isPresent()) {
            meters.gauge(Metric.RETRY_BUDGET_LEFT, () -> balancer.retriesLeft().orElse(0));
        }
    }

    private static void countEvents(Registering meters, PoolTally tally) {
        meters.counter(Metric.LOSSES, tally.losses);
        meters.counter(Metric.RESPAWNS, tally.respawns);
        meters.counter(Metric.LAUNCH_FAILURES, tally.launchFailures);
        meters.counter(Metric.STREAM_REOPENINGS, tally.streamReopenings);
        meters.counter(Metric.DRAINS, tally.drains);
        meters.counter(Metric.DRAINED_ATTEMPTS, Tags.of("outcome", "finished"), tally.drainedFinished);
        meters.counter(Metric.DRAINED_ATTEMPTS, Tags.of("outcome", "cut"), tally.drainedCut);
    }

    private void watchServers(Registering meters, LoadBalancer balancer) {
        for (Server.State state : Server.State.values()) {
            meters.gauge(Metric.SERVERS, tag("state", state), () -> readings.servers(state));
        }
        meters.gauge(Metric.SERVERS_PICKABLE, readings::pickable);
        meters.gauge(Metric.SERVERS_DESIRED, () -> desired(balancer.pool()));
        meters.gauge(Metric.SERVERS_LAUNCHING, counted.recoveries()::launching);
        meters.gauge(Metric.FAIL_OPEN, () -> counted.conditions().isFailOpen() ? 1 : 0);
        Clock clock = registry.config().clock();
        Spread spread = new Spread(readings, counted.tally(), clock.monotonicTime());
        meters.gauge(Metric.IMBALANCE, () -> spread.maxOverMean(clock.monotonicTime()));
    }

    private void watchMembership(Registering meters, LoadBalancer balancer) {
        meters.gauge(Metric.MEMBERSHIP_VERSION, () -> balancer.membership().version());
        meters.gauge(Metric.MEMBERSHIP_FINGERPRINT, () -> balancer.membership().fingerprint() >>> 16);
        meters.gauge(Metric.MEMBERSHIP_REFUSED, () -> counted.conditions().isRefused(balancer.membership()) ? 1 : 0);
        meters.gauge(Metric.ROUTING_FINGERPRINT, () -> balancer.routingFingerprint() >>> 16);
        meters.seconds(Metric.MEMBERSHIP_AGE, balancer, b -> b.pool().age().toNanos());
    }

    /** Returns the pool's desired size; for a pool that has none, the number of its servers that do not drain. */
    private static long desired(ServerPool pool) {
        return pool instanceof ManagedServerPool managed
                ? managed.desired().size()
                : pool.membership().members().size();
    }

    /**
     * Registers the meters of the servers that have none yet.
     *
     * @throws IllegalStateException if a meter of another owner has the id of one of these; nothing is registered then for the
     *     server that the message names
     */
    void join(Collection<ServerTally> servers) {
        List<ServerTally> joining = servers.stream()
                .filter(server -> !byServer.containsKey(server.id()))
                .toList();
        if (!joining.isEmpty()) {
            Set<Meter> present = Registering.present(registry);
            joining.forEach(server -> join(server, present));
        }
    }

    private void join(ServerTally server, Set<Meter> present) {
        Registering meters = new Registering(registry, tags.and("server", server.id()), present);
        try {
            Timer duration = meters.timer(Metric.ATTEMPT_DURATION, Tags.empty());
            count(server, meters);
            watch(server.id(), meters);
            byServer.put(server.id(), new Joined(server, duration, meters.meters()));
            server.addDuration(duration);
        } catch (RuntimeException | Error e) {
            meters.undo();
            throw e;
        }
    }

    private static void count(ServerTally server, Registering meters) {
        meters.counter(Metric.PICKS, server.picks());
        for (Outcome outcome : Outcome.values()) {
            meters.counter(Metric.ATTEMPTS, tag("outcome", outcome), server.outcome(outcome));
        }
        for (EjectionReason reason : EjectionReason.values()) {
            meters.counter(Metric.EJECTIONS, tag("reason", reason), server.ejections(reason));
        }
        meters.counter(Metric.HEALTH_CHANGES, Tags.of("verdict", "healthy"), server.verdicts(true));
        meters.counter(Metric.HEALTH_CHANGES, Tags.of("verdict", "unhealthy"), server.verdicts(false));
    }

    private void watch(String id, Registering meters) {
        meters.gauge(Metric.IN_FLIGHT, () -> readings.inFlight(id));
        meters.gauge(Metric.SHARE, () -> readings.share(id));
        meters.gauge(Metric.READY, () -> readings.ready(id));
        meters.gauge(Metric.EXPECTED, () -> readings.expected(id));
        meters.gauge(Metric.UNHEALTHY, () -> readings.unhealthy(id));
        meters.gauge(Metric.EJECTED, () -> readings.ejected(id));
        meters.seconds(Metric.LATENCY, counted.balancer(), b -> readings.latencyNanos(id));
    }

    /** Removes the meters of a server. */
    void leave(String id) {
        Joined left = byServer.remove(id);
        if (left != null) {
            left.tally().removeDuration(left.duration());
            left.meters().forEach(registry::remove);
        }
    }

    /** Removes every meter. */
    void unbind() {
        List.copyOf(byServer.keySet()).forEach(this::leave);
        ofBalancer.forEach(registry::remove);
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
}
