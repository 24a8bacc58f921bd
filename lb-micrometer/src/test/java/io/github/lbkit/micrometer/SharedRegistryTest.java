package io.github.lbkit.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.Pick;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.Server;
import io.github.lbkit.testkit.ScriptedPool;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Several balancers in one registry: no meter has two owners. */
class SharedRegistryTest {
    /** What {@link #fullSet} returned, by the ids of the servers. */
    private static final Map<List<String>, Set<String>> FULL_SETS = new ConcurrentHashMap<>();

    private final ScriptedPool pool = new ScriptedPool("shared");
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private MeteredBalancer balancer(String name) {
        return new MeteredBalancer(name, pool, registry);
    }

    /** The meters with this balancer's tag: names and all other tags. */
    private static Set<String> shown(MeterRegistry in, String balancer) {
        return in.getMeters().stream()
                .map(Meter::getId)
                .filter(id -> id.syntheticAssociation() == null) // the registry's own, for a timer's buckets
                .filter(id -> balancer.equals(id.getTag("balancer")))
                .map(id -> id.getName()
                        + id.getTags().stream()
                                .filter(tag -> !tag.getKey().equals("balancer"))
                                .toList())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static double requests(MeterRegistry in, String balancer) {
        return in.get(Metric.REQUESTS.id())
                .tag("balancer", balancer)
                .functionCounter()
                .count();
    }

    /** What is done to one of three balancers over one pool. */
    private record Step(Act act, String balancer, int servers) {}

    private enum Act {
        BIND,
        CLOSE,
        REQUEST,
        PUBLISH
    }

    @Provide
    static Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.of(Act.class),
                        Arbitraries.of("one", "two", "three"),
                        Arbitraries.integers().between(0, 3))
                .as(Step::new)
                .list()
                .ofMaxSize(30);
    }

    /** Balancers that come and go over one pool, in a composite registry with a member. */
    private static final class Bench {
        private final ScriptedPool pool = new ScriptedPool("shared");
        private final SimpleMeterRegistry member = new SimpleMeterRegistry();
        private final CompositeMeterRegistry composite = new CompositeMeterRegistry();
        private final Map<String, MeteredBalancer> open = new TreeMap<>();
        private final Map<String, Double> requests = new TreeMap<>();

        Bench() {
            composite.add(member);
        }

        void take(Step step) {
            MeteredBalancer of = open.get(step.balancer());
            switch (step.act()) {
                case BIND -> bind(step.balancer());
                case CLOSE -> {
                    if (of != null) {
                        of.metrics.close();
                        open.remove(step.balancer());
                    }
                }
                case REQUEST -> {
                    if (of != null) {
                        request(of);
                        requests.merge(step.balancer(), 1.0, Double::sum);
                    }
                }
                case PUBLISH -> publish(pool, step.servers());
            }
        }

        private void bind(String name) {
            MeteredBalancer more = new MeteredBalancer(name, pool, composite);
            if (open.containsKey(name)) {
                Set<String> before = shown(member, name);
                assertThatThrownBy(() -> more.metrics.bindTo(composite)).hasMessageContaining("'" + name + "'");
                assertThatThrownBy(() -> more.metrics.bindTo(member)).hasMessageContaining("'" + name + "'");
                assertThat(shown(member, name)).isEqualTo(before);
                return;
            }
            more.metrics.bindTo(composite);
            open.put(name, more);
            requests.put(name, 0.0);
        }
    }

    private static void request(MeteredBalancer of) {
        Pick pick = of.balancer.call(Key.none()).next();
        if (pick instanceof Attempt attempt) {
            attempt.succeeded();
        }
    }

    private static void publish(ScriptedPool pool, int servers) {
        List<String> ids = List.of("a", "b", "c").subList(0, servers);
        pool.publish(ids.stream().map(MeteredBalancer::ready).toArray(Server[]::new));
    }

    @Property(tries = 200)
    void every_open_balancer_has_its_full_set_of_meters_and_counts_its_own_requests(@ForAll("steps") List<Step> steps) {
        Bench bench = new Bench();
        for (Step step : steps) {
            bench.take(step);
            Set<String> full = full(bench.pool);
            for (MeterRegistry registry : List.of(bench.composite, bench.member)) {
                for (String name : List.of("one", "two", "three")) {
                    if (bench.open.containsKey(name)) {
                        assertThat(shown(registry, name)).isEqualTo(full);
                    } else {
                        assertThat(shown(registry, name)).isEmpty();
                    }
                }
            }
            bench.open
                    .keySet()
                    .forEach(name -> assertThat(requests(bench.member, name))
                            .isEqualTo(bench.requests.getOrDefault(name, -1.0)));
        }
        bench.open.values().forEach(of -> of.metrics.close());
        assertThat(bench.member.getMeters()).isEmpty();
        assertThat(bench.composite.getMeters()).isEmpty();
    }

    private static Set<String> full(ScriptedPool of) {
        return FULL_SETS.computeIfAbsent(
                of.membership().servers().stream().map(Server::id).toList(), ids -> fullSet(of));
    }

    /** What a balancer that is alone over this pool shows. */
    private static Set<String> fullSet(ScriptedPool of) {
        ScriptedPool same = new ScriptedPool(of.name());
        if (of.membership().isKnown()) {
            same.publish(of.membership().servers().toArray(Server[]::new));
        }
        SimpleMeterRegistry own = new SimpleMeterRegistry();
        new MeteredBalancer("alone", same, own).metrics.bindTo(own);
        return shown(own, "alone");
    }

    @Test
    void without_a_name_a_balancer_is_shown_by_the_name_of_its_pool() {
        LbkitMetrics unnamed = new LbkitMetrics();
        unnamed.follow(balancer("other").balancer);
        unnamed.bindTo(registry);

        assertThat(shown(registry, "shared")).isNotEmpty();
    }

    @Test
    void a_name_in_use_is_refused_with_the_name_and_the_way_out_and_free_again_after_close() {
        publish(pool, 2);
        MeteredBalancer first = balancer("orders");
        MeteredBalancer second = balancer("orders");
        first.metrics.bindTo(registry);
        List<Meter> before = new ArrayList<>(registry.getMeters());

        assertThatThrownBy(() -> second.metrics.bindTo(registry))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("balancer name 'orders' is in use")
                .hasMessageContaining("new LbkitMetrics(\"name\")");
        assertThatThrownBy(() -> first.metrics.bindTo(registry)).hasMessageContaining("in use");
        assertThat(registry.getMeters()).containsExactlyInAnyOrderElementsOf(before);
        second.metrics.close();
        assertThat(registry.getMeters()).containsExactlyInAnyOrderElementsOf(before);

        first.metrics.close();
        second.metrics.bindTo(registry);
        assertThat(shown(registry, "orders")).isEqualTo(fullSet(pool));
    }

    @Test
    void one_name_is_refused_over_another_pool_too() {
        balancer("orders").metrics.bindTo(registry);
        MeteredBalancer other = new MeteredBalancer("orders", new ScriptedPool("other"), registry);

        assertThatThrownBy(() -> other.metrics.bindTo(registry)).hasMessageContaining("'orders'");
    }

    @Test
    void a_name_in_use_in_a_member_of_a_composite_of_composites_is_refused() {
        balancer("orders").metrics.bindTo(registry);
        CompositeMeterRegistry inner = new CompositeMeterRegistry();
        inner.add(registry);
        CompositeMeterRegistry outer = new CompositeMeterRegistry();
        outer.add(inner);
        MeteredBalancer second = balancer("orders");

        assertThatThrownBy(() -> second.metrics.bindTo(outer)).hasMessageContaining("in use");
        assertThat(outer.getMeters()).isEmpty();
    }

    @Test
    void a_registry_that_removes_the_balancer_tag_shows_one_balancer() {
        publish(pool, 2);
        registry.config().meterFilter(MeterFilter.ignoreTags("balancer"));
        MeteredBalancer first = balancer("one");
        MeteredBalancer second = balancer("two");
        first.metrics.bindTo(registry);
        List<Meter> before = new ArrayList<>(registry.getMeters());

        assertThatThrownBy(() -> second.metrics.bindTo(registry))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("must keep the tags 'balancer' and 'server'");
        second.metrics.close();
        assertThat(registry.getMeters()).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void a_registry_that_takes_the_servers_tag_away_is_refused_and_keeps_no_meter() {
        publish(pool, 2);
        registry.config().meterFilter(MeterFilter.ignoreTags("server"));
        MeteredBalancer first = balancer("one");

        assertThatThrownBy(() -> first.metrics.bindTo(registry)).hasMessageContaining("server");
        assertThat(registry.getMeters()).isEmpty();
        first.attemptOn("a").succeeded();
    }

    @Test
    void a_registry_that_denies_some_meters_shows_the_others() {
        publish(pool, 2);
        registry.config().meterFilter(MeterFilter.denyNameStartsWith("lbkit.requests"));
        registry.config().commonTags("region", "north");
        MeteredBalancer first = balancer("one");
        MeteredBalancer second = balancer("two");
        first.metrics.bindTo(registry);
        second.metrics.bindTo(registry);

        first.metrics.close();
        assertThat(shown(registry, "one")).isEmpty();
        assertThat(shown(registry, "two")).hasSizeGreaterThan(50).noneMatch(id -> id.startsWith("lbkit.requests"));
        assertThatThrownBy(() -> balancer("two").metrics.bindTo(registry)).hasMessageContaining("in use");
    }

    @Test
    void events_of_a_pool_are_counted_by_each_of_its_balancers() {
        publish(pool, 1);
        MeteredBalancer first = balancer("one");
        MeteredBalancer second = balancer("two");
        first.metrics.bindTo(registry);
        second.metrics.bindTo(registry);
        pool.report(new PoolEvent.Lost(new InstanceId("a", 1), "killed"));
        first.metrics.close();
        pool.report(new PoolEvent.Lost(new InstanceId("a", 2), "killed"));

        assertThat(second.count(Metric.LOSSES, "balancer", "two")).isEqualTo(2);
    }
}
