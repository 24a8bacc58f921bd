package io.github.lbkit.examples.metrics;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Call;
import io.github.lbkit.api.Failure;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.Policy;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.health.ProbeResult;
import io.github.lbkit.api.health.RetryBudget;
import io.github.lbkit.api.policy.Policies;
import io.github.lbkit.micrometer.LbkitMetrics;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.ScriptedPool;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Two balancers over one pool of the servers a, b and c, shown in one registry: {@code orders} with probes, ejection
 * and a retry budget, and {@code carts} with none of them. Tests move the time.
 */
final class WatchedBalancers implements AutoCloseable {
    final ScriptedPool pool = new ScriptedPool("shop");
    final LoadBalancer orders;
    final LoadBalancer carts;

    /** The ids of servers that fail their probes. */
    final Set<String> unfit = new HashSet<>();

    private final ManualScheduler time = new ManualScheduler();
    private final MockClock clock = new MockClock();
    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), clock);

    WatchedBalancers() {
        pool.publish(ready("a"), ready("b"), ready("c"));
        LbkitMetrics ofOrders = new LbkitMetrics("orders", time::nanoTime);
        LbkitMetrics ofCarts = new LbkitMetrics("carts", time::nanoTime);
        orders = builder(ofOrders)
                .ejection(Ejection.builder()
                        .consecutiveFailures(2)
                        .failureRatio(1)
                        .minVolume(1_000)
                        .cap(Duration.ofSeconds(50))
                        .build())
                .healthChecks(HealthChecks.builder((instance, timeout) -> CompletableFuture.completedFuture(
                                unfit.contains(instance.name()) ? ProbeResult.failed("unfit") : ProbeResult.PASSED))
                        .interval(Duration.ofSeconds(1))
                        .fall(1)
                        .build())
                .retryBudget(new RetryBudget(0, 1))
                .build();
        carts = builder(ofCarts).build();
        ofOrders.follow(orders);
        ofCarts.follow(carts);
        ofOrders.bindTo(registry);
        ofCarts.bindTo(registry);
    }

    private LoadBalancer.Builder builder(LbkitMetrics metrics) {
        return LoadBalancer.builder(pool, new AtMostThree())
                .runtimes(time.asRuntimes())
                .listener(metrics);
    }

    static Server ready(String id) {
        return Server.ready(id, new Instance(id, Address.of("127.0.0.1", 9000), 1));
    }

    void publish(String... ids) {
        pool.publish(Arrays.stream(ids).map(WatchedBalancers::ready).toArray(Server[]::new));
    }

    void advance(Duration by) {
        time.advance(by);
    }

    /** Makes calls whose attempts succeed; or fail, on this server, and are not repeated. */
    static void call(LoadBalancer balancer, int times, String failing) {
        for (int i = 0; i < times; i++) {
            if (balancer.call(Key.none()).next() instanceof Attempt attempt) {
                if (attempt.server().id().equals(failing)) {
                    attempt.failed(Failure.CONNECT);
                } else {
                    attempt.succeeded();
                }
            }
        }
    }

    /**
     * Makes many good calls of {@code orders}, then calls whose first attempt meets an overloaded server, until no
     * retry is left.
     */
    void spendRetries() {
        call(orders, 100, "");
        for (int i = 0; i < 1_000 && orders.retriesLeft().orElse(0) >= 1; i++) {
            Call call = orders.call(Key.none());
            if (call.next() instanceof Attempt first) {
                first.failed(Failure.OVERLOADED);
            }
            if (call.next() instanceof Attempt second) {
                second.succeeded();
            }
        }
    }

    /** Returns the page that Prometheus scrapes now. */
    String page() {
        clock.add(Duration.ofSeconds(1));
        return registry.scrape() + "up 1.0\n";
    }

    @Override
    public void close() {
        orders.close();
        carts.close();
        registry.close();
    }

    /** Round robin that has no place for a fourth member. */
    private static final class AtMostThree implements Policy {
        private final Policy inner = Policies.named("round-robin", Map.of());

        @Override
        public String name() {
            return "at-most-three";
        }

        @Override
        public boolean readsLoad() {
            return false;
        }

        @Override
        public Picker picker(List<Member> members) {
            if (members.size() > 3) {
                throw new IllegalArgumentException("three members at most");
            }
            return inner.picker(members);
        }
    }
}
