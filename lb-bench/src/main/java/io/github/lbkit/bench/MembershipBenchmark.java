package io.github.lbkit.bench;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.api.policy.Policies;
import io.github.lbkit.testkit.ScriptedPool;
import java.util.Arrays;
import java.util.Map;
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

/** A benchmark of a change: from a pool's new list of servers to the snapshot of the balancer. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
public class MembershipBenchmark {
    @Param({"round-robin", "hash"})
    private String policy = "";

    @Param({"1000", "10000"})
    private int servers;

    private final ScriptedPool pool = new ScriptedPool("bench");
    private boolean odd;

    @SuppressWarnings("NullAway.Init") // made by setUp
    private LoadBalancer balancer;

    @SuppressWarnings("NullAway.Init") // made by setUp
    private Server[] all;

    @SuppressWarnings("NullAway.Init") // made by setUp
    private Server[] oneDown;

    @SuppressWarnings("NullAway.Init") // made by setUp
    private Server[] oneLess;

    /** Creates the balancer and the lists. */
    @Setup
    public void setUp() {
        all = new Server[servers];
        for (int i = 0; i < servers; i++) {
            all[i] = Server.ready("server-" + i, new Instance("i" + i, Address.of("127.0.0.1", 9000), 1));
        }
        oneDown = all.clone();
        oneDown[servers / 2] = all[servers / 2].withState(Server.State.DOWN);
        oneLess = Arrays.copyOf(all, servers - 1);
        pool.publish(all);
        balancer = LoadBalancer.builder(pool, Policies.named(policy, Map.of()))
                .ejection(Ejection.DEFAULTS)
                .build();
    }

    /** Closes the balancer. */
    @TearDown
    public void tearDown() {
        balancer.close();
    }

    /** Takes a server down or up: a new snapshot over the same table. */
    @Benchmark
    public Membership state() {
        odd = !odd;
        return pool.publish(odd ? oneDown : all);
    }

    /** Removes or adds a server: a new table. */
    @Benchmark
    public Membership member() {
        odd = !odd;
        return pool.publish(odd ? oneLess : all);
    }
}
