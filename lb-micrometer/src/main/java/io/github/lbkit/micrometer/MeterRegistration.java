package io.github.lbkit.micrometer;

import io.github.lbkit.api.LoadBalancer;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * A registration of the meters of one owner, a balancer or one of its servers, in one registry. If an id (name and
 * tags) is registered twice, a registry returns the first meter, and it removes meters by id. A meter that is already
 * in the registry therefore belongs to another owner. It is refused, so that no owner reads or removes the meters of
 * another. Confined to one thread.
 */
final class MeterRegistration {
    /** The tag that distinguishes the balancers of one registry. */
    static final String BALANCER = "balancer";

    private final MeterRegistry registry;
    private final Tags tags;
    private final Set<Meter> present;
    private final List<Meter> own = new ArrayList<>();

    /**
     * Begins a registration.
     *
     * @param tags the tags of every meter
     * @param present all meters of the registry, from {@link #present}; the new meters are added to this set
     */
    MeterRegistration(MeterRegistry registry, Tags tags, Set<Meter> present) {
        this.registry = registry;
        this.tags = tags;
        this.present = present;
    }

    /** Returns all meters of the registry, as a set by identity. */
    static Set<Meter> present(MeterRegistry registry) {
        Set<Meter> present = Collections.newSetFromMap(new IdentityHashMap<>());
        present.addAll(registry.getMeters());
        return present;
    }

    /**
     * Checks that neither the registry nor a member of a composite registry has meters of a balancer with this name.
     *
     * @throws IllegalStateException if the name is in use
     */
    static void requireUnusedName(MeterRegistry registry, String balancer) {
        for (Meter meter : registry.getMeters()) {
            Meter.Id id = meter.getId();
            if (balancer.equals(id.getTag(BALANCER)) && Metric.isName(id.getName())) {
                throw new IllegalStateException("the balancer name '" + balancer
                        + "' is in use in this registry, by the meter " + id.getName() + id.getTags()
                        + "; each LbkitMetrics of a registry needs a balancer name of its own, as in"
                        + " new LbkitMetrics(\"name\"), unless the earlier one is closed first");
            }
        }
        if (registry instanceof CompositeMeterRegistry composite) {
            composite.getRegistries().forEach(member -> requireUnusedName(member, balancer));
        }
    }

    /** Returns the registered meters. */
    List<Meter> meters() {
        return List.copyOf(own);
    }

    /** Removes the registered meters. */
    void undo() {
        own.forEach(registry::remove);
        own.clear();
    }

    void counter(Metric metric, LongAdder adder) {
        counter(metric, Tags.empty(), adder);
    }

    void counter(Metric metric, Tags more, LongAdder adder) {
        counter(metric, more, adder, LongAdder::sum);
    }

    <T> void counter(Metric metric, Tags more, T source, ToDoubleFunction<T> count) {
        own(FunctionCounter.builder(metric.id(), source, count)
                .description(metric.description())
                .tags(tags.and(more))
                .register(registry));
    }

    void gauge(Metric metric, Supplier<Number> value) {
        gauge(metric, Tags.empty(), value);
    }

    void gauge(Metric metric, Tags more, Supplier<Number> value) {
        own(Gauge.builder(metric.id(), value)
                .description(metric.description())
                .tags(tags.and(more))
                .register(registry));
    }

    void seconds(Metric metric, LoadBalancer balancer, ToDoubleFunction<LoadBalancer> nanos) {
        own(TimeGauge.builder(metric.id(), balancer, TimeUnit.NANOSECONDS, nanos)
                .description(metric.description())
                .tags(tags)
                .register(registry));
    }

    Timer timer(Metric metric, Tags more, Duration... buckets) {
        return own(Timer.builder(metric.id())
                .description(metric.description())
                .tags(tags.and(more))
                .serviceLevelObjectives(buckets)
                .register(registry));
    }

    private <M extends Meter> M own(M meter) {
        if (!present.add(meter)) {
            Meter.Id id = meter.getId();
            throw new IllegalStateException("the registry already has the meter " + id.getName() + id.getTags()
                    + ", registered by another owner than " + tags.stream().toList()
                    + "; a meter filter of the registry must keep the tags 'balancer' and 'server' of lbkit's meters");
        }
        own.add(meter);
        return meter;
    }
}
