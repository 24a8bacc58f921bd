package io.github.lbkit.bench;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.policy.Policies;
import io.github.lbkit.micrometer.LbkitMetrics;
import io.github.lbkit.testkit.ScriptedPool;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A benchmark of the cost of metrics for one request. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
public class MetricsBenchmark {
    /** No listener; metrics without a registry; metrics bound to a Prometheus registry. */
    @Param({"none", "counted", "prometheus"})
    private String metrics = "";

    @Param({"10", "1000"})
    private int servers;

    private final ScriptedPool pool = new ScriptedPool("bench");
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @SuppressWarnings("NullAway.Init") // made by setUp
    private LoadBalancer balancer;

    /** Creates the balancer. */
    @Setup
    public void setUp() {
        Server[] all = new Server[servers];
        for (int i = 0; i < servers; i++) {
            all[i] = Server.ready("server-" + i, new Instance("i" + i, Address.of("127.0.0.1", 9000), 1));
        }
        pool.publish(all);
        LoadBalancer.Builder builder = LoadBalancer.builder(pool, Policies.named("hash", Map.of()));
        LbkitMetrics lbkitMetrics = new LbkitMetrics();
        if (!metrics.equals("none")) {
            builder.listener(lbkitMetrics);
        }
        balancer = builder.build();
        if (!metrics.equals("none")) {
            lbkitMetrics.follow(balancer);
        }
        if (metrics.equals("prometheus")) {
            lbkitMetrics.bindTo(registry);
        }
    }

    /** Closes the balancer. */
    @TearDown
    public void tearDown() {
        balancer.close();
    }

    /** Runs one request from call to success. */
    @Benchmark
    public Server request() {
        Attempt attempt = (Attempt)
                balancer.call(Key.of(ThreadLocalRandom.current().nextLong())).next();
        attempt.responded();
        attempt.succeeded();
        return attempt.server();
    }

    /** Runs one scrape. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public int scrape() {
        return registry.scrape().length();
    }
}
