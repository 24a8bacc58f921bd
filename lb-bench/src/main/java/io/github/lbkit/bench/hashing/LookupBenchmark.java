package io.github.lbkit.bench.hashing;

import java.util.List;
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
import org.openjdk.jmh.annotations.Warmup;

/** A benchmark of the look-up of a server by number. The time includes the mixing of the number, about 2 ns. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
public class LookupBenchmark {
    @Param({
        "HASH",
        "RENDEZVOUS",
        "WEIGHTED",
        "CAPPED",
        "RING",
        "MAGLEV",
        "JUMP",
        "ENVOY_RING",
        "ENVOY_MAGLEV",
        "KETAMA",
        "TREE_MAP",
        "GUAVA",
        "JUMP_BACK",
        "JUMP_BACK_ANCHOR",
        "ALLGOOD",
        "BARE_TABLE"
    })
    private Algorithm algorithm = Algorithm.HASH;

    @Param({"10", "100", "1000", "10000"})
    private int servers;

    /** The percentage of servers that leave at random before the measurement. */
    @Param("0")
    private int removedPercent;

    private Lookup lookup = hash -> 0;
    private long key;

    /** Creates the look-up. */
    @Setup
    public void setUp() {
        List<String> names = Workload.names(servers);
        lookup = removedPercent == 0
                ? algorithm.of(names, servers)
                : algorithm.remaining(names, servers, Workload.leaving(servers, servers * removedPercent / 100));
    }

    /** Returns the server of a key. */
    @Benchmark
    public int owner() {
        return lookup.owner(Workload.keyHash(key++));
    }
}
