package io.github.lbkit.micrometer;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Failure;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.Policy;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.health.ProbeResult;
import io.github.lbkit.api.health.RetryBudget;
import io.github.lbkit.api.policy.Policies;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.ScriptedPool;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A balancer over a scripted pool, with its metrics in a registry; tests move the time. */
final class MeteredBalancer {
    private static final String INSTANCE_OF = "instance-of-";
    private static final Policy ROUND_ROBIN = Policies.named("round-robin", Map.of());
    private static final Ejection EARLY = Ejection.builder()
            .consecutiveFailures(2)
            .failureRatio(1)
            .minVolume(1_000)
            .cap(Duration.ofSeconds(50))
            .maxShare(1)
            .build();

    final ScriptedPool pool;
    final ManualScheduler time = new ManualScheduler();
    final MockClock registryTime = new MockClock();
    final MeterRegistry registry;
    final LbkitMetrics metrics;
    final LoadBalancer balancer;

    /** The ids of servers that fail their probes; a probe is made each second. */
    final Set<String> unfit = ConcurrentHashMap.newKeySet();

    /** A balancer of its own pool, in a registry of its own, without fail-open. */
    MeteredBalancer() {
        this(builder -> builder.failOpenThreshold(0));
    }

    /** The same with further settings. */
    MeteredBalancer(UnaryOperator<LoadBalancer.Builder> settings) {
        pool = new ScriptedPool("metered");
        registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, registryTime);
        metrics = new LbkitMetrics("balanced", time::nanoTime);
        balancer = settings.apply(builder(ROUND_ROBIN)).build();
        show();
    }

    /** A balancer by this policy, without fail-open. */
    MeteredBalancer(Policy policy) {
        pool = new ScriptedPool("metered");
        registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, registryTime);
        metrics = new LbkitMetrics("balanced", time::nanoTime);
        balancer = builder(policy).failOpenThreshold(0).build();
        show();
    }

    /** A balancer of this name over this pool, which is not in the registry yet. */
    MeteredBalancer(String name, ScriptedPool pool, MeterRegistry registry) {
        this.pool = pool;
        this.registry = registry;
        metrics = new LbkitMetrics(name, time::nanoTime);
        balancer = builder(ROUND_ROBIN).failOpenThreshold(0).build();
        metrics.follow(balancer);
    }

    private void show() {
        metrics.follow(balancer);
        metrics.bindTo(registry);
    }

    private LoadBalancer.Builder builder(Policy policy) {
        return LoadBalancer.builder(pool, policy)
                .runtimes(time.asRuntimes())
                .ejection(EARLY)
                .healthChecks(HealthChecks.builder(this::probe)
                        .interval(Duration.ofSeconds(1))
                        .jitter(0)
                        .rise(1)
                        .fall(1)
                        .build())
                .retryBudget(new RetryBudget(0.2, 10))
                .listener(metrics);
    }

    private CompletionStage<ProbeResult> probe(Instance instance, Duration timeout) {
        String id = instance.name().substring(INSTANCE_OF.length());
        return CompletableFuture.completedFuture(
                unfit.contains(id) ? ProbeResult.failed("as a test wants it") : ProbeResult.PASSED);
    }

    static Server ready(String id) {
        return Server.ready(id, new Instance(INSTANCE_OF + id, Address.of("127.0.0.1", 9000), 1));
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

    /** Fails so many attempts on this server that the server is ejected. */
    void eject(String id) {
        attemptOn(id).failed(Failure.STATUS);
        attemptOn(id).failed(Failure.STATUS);
        letGaugesRefresh();
    }

    /** Begins an attempt on this server; attempts on others are abandoned. */
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
