package io.github.lbkit.http.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.policy.RoundRobin;
import io.github.lbkit.api.policy.WeightedSplit;
import io.github.lbkit.api.pool.PriorityOptions;
import io.github.lbkit.api.pool.PriorityPool;
import io.github.lbkit.api.pool.ServerPools;
import io.github.lbkit.api.pool.SubsetPool;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.http.HttpProbe;
import io.github.lbkit.http.fixture.Await;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/pools.md and docs/health.md, to the letter. */
class PoolsGuideTest {
    @TempDir
    Path directory;

    @Test
    void health_checks_by_http_over_a_file_of_servers() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        try (ScriptedServer well = ScriptedServer.start(
                        ServerScript.answering("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nUP\n"));
                ScriptedServer ill = ScriptedServer.start(
                        ServerScript.answering("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"))) {
            Path file = Files.writeString(
                    directory.resolve("servers.txt"),
                    "S1 127.0.0.1:" + well.port() + " weight=2\nS2 127.0.0.1:" + ill.port() + "\n");

            PoolContext context = new PoolContext("shop", Runtimes.system(), directory);
            HealthProbeExample example = new HealthProbeExample(seen);
            try (ServerPool pool = ServerPools.installed().open("file:" + file, context);
                    HttpProbe probe = example.probe();
                    LoadBalancer balancer = example.balancer(pool, probe)) {
                Await.until("S2 is unhealthy", () -> !seen.isEmpty());

                for (int i = 0; i < 10; i++) {
                    try (Attempt attempt = (Attempt) balancer.call(Key.none()).next()) {
                        assertThat(attempt.server().id()).isEqualTo("S1");
                    }
                }
            }
        }
        assertThat(seen).hasSize(1);
        assertThat(seen.get(0)).startsWith("S2 is unhealthy: ").endsWith("status 503 instead of 200 to 299");
    }

    private record HealthProbeExample(List<String> seen) {
        HttpProbe probe() {
            return HttpProbe.path("/health").body("UP").build(Runtimes.system());
        }

        LoadBalancer balancer(ServerPool pool, HttpProbe probe) {
            return LoadBalancer.builder(pool, new RoundRobin())
                    .healthChecks(HealthChecks.builder(probe)
                            .interval(Duration.ofMillis(100))
                            .failingInterval(Duration.ofMillis(20))
                            .build())
                    .listener(new LoadBalancerListener() {
                        @Override
                        public void becameUnhealthy(Server server, String reason) {
                            seen.add(server.id() + " is unhealthy: " + reason);
                        }
                    })
                    .build();
        }
    }

    @Test
    void failover_subsets_and_a_canary() throws Exception {
        Path near = Files.writeString(
                directory.resolve("near"),
                "a 10.0.0.1:80 version=1\nb 10.0.0.2:80 version=1\nc 10.0.0.3:80 version=2\n");
        Path far = Files.writeString(directory.resolve("far"), "a 10.1.0.1:80\n");
        Runtimes runtimes = Runtimes.system();
        ServerPools pools = ServerPools.installed();
        try (ServerPool first = pools.open("file:" + near, new PoolContext("near", runtimes, directory));
                ServerPool second = pools.open("file:" + far, new PoolContext("far", runtimes, directory));
                ServerPool failover = PriorityPool.open(
                        new PoolContext("shop", runtimes, directory),
                        List.of(first, second),
                        PriorityOptions.DEFAULTS);
                ServerPool mine =
                        SubsetPool.ofClient(new PoolContext("mine", runtimes, directory), failover, "proxy-17", 2);
                ServerPool stable = SubsetPool.labelled(
                        new PoolContext("stable", runtimes, directory), failover, Map.of("version", "1"));
                ServerPool canary = SubsetPool.labelled(
                        new PoolContext("canary", runtimes, directory), failover, Map.of("version", "2"));
                LoadBalancer toStable =
                        LoadBalancer.builder(stable, new RoundRobin()).build();
                LoadBalancer toCanary =
                        LoadBalancer.builder(canary, new RoundRobin()).build()) {
            WeightedSplit split = WeightedSplit.of(
                    List.of(new WeightedSplit.Part(toStable, 95), new WeightedSplit.Part(toCanary, 5)));
            Await.until(
                    "all are known",
                    () -> toStable.membership().isKnown()
                            && toCanary.membership().isKnown()
                            && mine.membership().isKnown());

            int ofCanary = 0;
            for (int user = 0; user < 10_000; user++) {
                try (Attempt attempt =
                        (Attempt) split.call(Key.of("user-" + user)).next()) {
                    ofCanary += attempt.server().id().equals("c") ? 1 : 0;
                }
            }

            assertThat(mine.membership().servers()).hasSize(2);
            assertThat(ofCanary).isBetween(370, 630); // six standard deviations; keys and hash are fixed
        }
    }
}
