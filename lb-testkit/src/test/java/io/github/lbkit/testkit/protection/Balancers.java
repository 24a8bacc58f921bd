package io.github.lbkit.testkit.protection;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.KeyHash;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Policy;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.health.ProbeResult;
import io.github.lbkit.api.health.WarmUp;
import io.github.lbkit.api.policy.HashPolicy;
import io.github.lbkit.api.policy.LeastRequests;
import io.github.lbkit.api.policy.RandomChoice;
import io.github.lbkit.api.policy.RoundRobin;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.TestPolicies;
import io.github.lbkit.testkit.fixture.InOrder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Makes the balancer of a setup. */
final class Balancers {
    private static final Duration WINDOW = Duration.ofSeconds(2);
    private static final KeyHash KEYS = key -> TestPolicies.hash(key.toString());

    private Balancers() {}

    static LoadBalancer of(
            Setup setup,
            ServerPool pool,
            ManualScheduler scheduler,
            LongSupplier random,
            Function<Instance, ProbeResult> probe,
            LoadBalancerListener listener) {
        LoadBalancer.Builder builder = LoadBalancer.builder(pool, policy(setup.policy()))
                .runtimes(scheduler.asRuntimes())
                .random(random)
                .loadCounters(setup.loadCounters())
                .maxAttempts(1_000)
                .failOpenThreshold(setup.failOpenThreshold())
                .ejection(ejection(setup))
                .listener(listener);
        if (setup.probes()) {
            builder.healthChecks(HealthChecks.builder(
                            (instance, timeout) -> CompletableFuture.completedFuture(probe.apply(instance)))
                    .interval(World.INTERVAL)
                    .failingInterval(Duration.ofMillis(500))
                    .initial(setup.initiallyHealthy() ? HealthChecks.Initial.HEALTHY : HealthChecks.Initial.UNHEALTHY)
                    .build());
        }
        if (setup.warmUp()) {
            builder.warmUp(new WarmUp(Duration.ofSeconds(3), 0.1));
        }
        if (setup.serverCap() > 0) {
            builder.maxInFlightPerServer(setup.serverCap());
        }
        if (setup.poolCap() > 0) {
            builder.maxInFlight(setup.poolCap());
        }
        if (setup.loadFactor() > 0) {
            builder.loadFactor(setup.loadFactor());
        }
        return builder.build();
    }

    private static Policy policy(String name) {
        return switch (name) {
            case "table" -> new HashPolicy("table", Balancers::router, KEYS);
            case "round-robin" -> new RoundRobin(() -> 7);
            case "random" -> new RandomChoice();
            case "least-requests" -> new LeastRequests();
            case "in-order" -> new InOrder();
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static HashRouter router(List<Member> members) {
        return TestPolicies.table(members);
    }

    private static Ejection ejection(Setup setup) {
        Ejection.Builder ejection = Ejection.builder()
                .consecutiveFailures(3)
                .minVolume(6)
                .window(WINDOW)
                .base(Duration.ofSeconds(1))
                .cap(World.LONGEST_EJECTION)
                .maxShare(setup.maxShare());
        return (setup.latency() ? ejection.latencyFactor(3) : ejection).build();
    }
}
