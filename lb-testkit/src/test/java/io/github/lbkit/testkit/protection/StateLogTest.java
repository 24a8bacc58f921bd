package io.github.lbkit.testkit.protection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Failure;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.OperatorOverride;
import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.health.ProbeResult;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.ScriptedPool;
import io.github.lbkit.testkit.fixture.InOrder;
import io.github.lbkit.testkit.fixture.LogFile;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What the log says of a balancer's changes of state. */
class StateLogTest {
    private final ManualScheduler scheduler = new ManualScheduler();
    private final ScriptedPool pool = new ScriptedPool("shop");
    private final Set<String> failing = new TreeSet<>();
    private final LogFile log = new LogFile();

    private LoadBalancer balancer() {
        pool.publish(server("a"), server("b"), server("c"));
        return LoadBalancer.builder(pool, new InOrder())
                .runtimes(scheduler.asRuntimes())
                .ejection(Ejection.DEFAULTS)
                .healthChecks(HealthChecks.builder((instance, timeout) -> CompletableFuture.completedFuture(
                                failing.contains(instance.name())
                                        ? ProbeResult.failed("status 500")
                                        : ProbeResult.PASSED))
                        .build())
                .build();
    }

    private static Server server(String id) {
        return Server.ready(id, new Instance("i-" + id, Address.of("127.0.0.1", 9000), 1));
    }

    private List<String> lines() {
        return log.lines().stream().filter(line -> line.contains("pool shop: ")).toList();
    }

    private static void request(LoadBalancer balancer, boolean well) {
        Attempt attempt = (Attempt) balancer.call(Key.none()).next();
        if (well) {
            attempt.succeeded();
        } else {
            attempt.failed(Failure.STATUS);
        }
    }

    @Test
    void every_change_has_its_line_with_server_and_reason() {
        try (LoadBalancer balancer = balancer()) {
            for (int i = 0; i < 5; i++) {
                request(balancer, false);
            }
            assertThat(lines())
                    .singleElement()
                    .asString()
                    .contains("server a is ejected for 5000 ms: too many failures")
                    .contains("event=ejected", "pool=shop", "server=a", "generation=1", "reason=CONSECUTIVE_FAILURES");
            scheduler.advance(Duration.ofSeconds(5));
            request(balancer, true);
            assertThat(lines()).singleElement().asString().contains("server a has returned");
            failing.add("i-b");
            scheduler.advance(Duration.ofSeconds(20));
            assertThat(lines()).singleElement().asString().contains("server b is unhealthy: status 500");
            failing.add("i-c");
            scheduler.advance(Duration.ofSeconds(20));
            assertThat(lines())
                    .hasSize(2)
                    .anyMatch(line -> line.contains("server c is unhealthy"))
                    .anyMatch(line -> line.contains("fail-open begins: 1 of 3 servers are fit"));
            failing.clear();
            scheduler.advance(Duration.ofSeconds(20));
            assertThat(lines())
                    .anyMatch(line -> line.contains("server b is healthy"))
                    .anyMatch(line -> line.contains("fail-open ends"));
            balancer.override("a", OperatorOverride.DRAIN);
            assertThat(lines()).singleElement().asString().contains("the override of server a is DRAIN");
        }
    }

    @Test
    void a_server_that_wavers_has_one_line_a_minute_of_a_kind() {
        try (LoadBalancer balancer = balancer()) {
            for (int i = 0; i < 10; i++) {
                failing.add("i-b");
                scheduler.advance(Duration.ofSeconds(20));
                failing.clear();
                scheduler.advance(Duration.ofSeconds(20));
            }

            List<String> unhealthy = lines().stream()
                    .filter(line -> line.contains("is unhealthy"))
                    .toList();
            assertThat(balancer.servers()).allMatch(s -> s.health().isPickable());
            assertThat(unhealthy).hasSizeBetween(5, 6);
            assertThat(unhealthy.get(1)).contains("1 more such lines were left out");
        }
    }
}
