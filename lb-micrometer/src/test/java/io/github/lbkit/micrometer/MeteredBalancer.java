package io.github.lbkit.micrometer;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.api.health.RetryBudget;
import io.github.lbkit.api.policy.Policies;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.ScriptedPool;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.search.RequiredSearch;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/** A balancer in round robin over a scripted pool, with its metrics in a simple registry; time is moved by hand. */
final class MeteredBalancer {
    private static final Ejection EARLY = new Ejection(
            2,
            1,
            1_000,
            Duration.ofSeconds(10),
            OptionalDouble.empty(),
            Duration.ofSeconds(5),
            Duration.ofSeconds(50),
            1);

    final ScriptedPool pool = new ScriptedPool("metered");
    final ManualScheduler time = new ManualScheduler();
    final MockClock registryTime = new MockClock();
    final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, registryTime);
    final LbkitMetrics metrics = new LbkitMetrics(time::nanoTime);
    final LoadBalancer balancer = LoadBalancer.builder(pool, Policies.named("round-robin", Map.of()))
            .runtimes(time.asRuntimes())
            .ejection(EARLY)
            .failOpenBelow(0)
            .retryBudget(new RetryBudget(0.2, 10))
            .listener(metrics)
            .build();

    MeteredBalancer() {
        metrics.follow(balancer);
        metrics.bindTo(registry);
    }

    static Server ready(String id) {
        return Server.ready(id, new Instance("instance-of-" + id, Address.of("127.0.0.1", 9000), 1));
    }

    void publish(String... ids) {
        pool.publish(Arrays.stream(ids).map(MeteredBalancer::ready).toArray(Server[]::new));
        letGaugesRefresh();
    }

    void letGaugesRefresh() {
        registryTime.add(Duration.ofSeconds(1));
    }

    void advance(Duration by) {
        time.advance(by);
        registryTime.add(by);
    }

    /** An attempt on this server; those on others are given up. */
    Attempt attemptOn(String id) {
        for (int i = 0; i < 1_000; i++) {
            Attempt attempt = (Attempt) balancer.call(Key.none()).next();
            if (attempt.server().id().equals(id)) {
                return attempt;
            }
            attempt.abandoned();
        }
        throw new AssertionError("round robin never came to " + id);
    }

    List<Meter.Id> meters() {
        return registry.getMeters().stream()
                .map(Meter::getId)
                .filter(id -> id.syntheticAssociation() == null) // the registry's own, for a timer's buckets
                .toList();
    }

    double count(Metric metric, String... tags) {
        return find(metric, tags).functionCounter().count();
    }

    double gauge(Metric metric, String... tags) {
        return find(metric, tags).gauge().value();
    }

    Timer timer(Metric metric, String... tags) {
        return find(metric, tags).timer();
    }

    double millis(Metric metric, String... tags) {
        return timer(metric, tags).totalTime(TimeUnit.MILLISECONDS);
    }

    private RequiredSearch find(Metric metric, String... tags) {
        return registry.get(metric.id()).tags(Tags.of(tags));
    }
}
