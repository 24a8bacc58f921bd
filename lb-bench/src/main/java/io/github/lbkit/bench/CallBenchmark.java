package io.github.lbkit.bench;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Failure;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.api.policy.Policies;
import io.github.lbkit.testkit.ScriptedPool;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
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

/** A benchmark of one successful request through the balancer: call, attempt, success. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
public class CallBenchmark {
    /** Ejects after one failure, for a day, and any number of servers. */
    private static final Ejection FOR_GOOD = Ejection.builder()
            .consecutiveFailures(1)
            .failureRatio(1)
            .minVolume(1)
            .base(Duration.ofDays(1))
            .cap(Duration.ofDays(1))
            .maxShare(1)
            .build();

    @Param({"round-robin", "least-requests", "random", "hash"})
    private String policy = "";

    @Param({"10", "1000", "10000"})
    private int servers;

    @Param({"0", "10"})
    private int ejectedPercent;

    private final ScriptedPool pool = new ScriptedPool("bench");

    @SuppressWarnings("NullAway.Init") // made by setUp
    private LoadBalancer balancer;

    /** Creates the balancer, and fails one attempt on each server to be ejected. */
    @Setup
    public void setUp() {
        Server[] all = new Server[servers];
        for (int i = 0; i < servers; i++) {
            all[i] = Server.ready("server-" + i, new Instance("i" + i, Address.of("127.0.0.1", 9000), 1));
        }
        pool.publish(all);
        balancer = LoadBalancer.builder(pool, Policies.named(policy, Map.of()))
                .ejection(FOR_GOOD)
                .failOpenThreshold(0)
                .maxAttempts(Integer.MAX_VALUE)
                .build();
        Set<String> ejected = new HashSet<>();
        for (long key = 0; ejected.size() < servers * ejectedPercent / 100; key++) {
            Attempt attempt = (Attempt) balancer.call(Key.of(key)).next();
            attempt.failed(Failure.STATUS);
            ejected.add(attempt.server().id());
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
}
