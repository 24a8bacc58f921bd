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

/** From a number to a server; the time of mixing the number, about two nanoseconds, is in it. */
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
    private Contender contender = Contender.HASH;

    @Param({"10", "100", "1000", "10000"})
    private int servers;

    /** How many servers of a hundred have left, at random, before it is measured. */
    @Param("0")
    private int removedPercent;

    private Lookup lookup = hash -> 0;
    private long key;

    /** Makes the look-up. */
    @Setup
    public void setUp() {
        List<String> names = Fleet.names(servers);
        lookup = removedPercent == 0
                ? contender.of(names, servers)
                : contender.left(names, servers, Fleet.leaving(servers, servers * removedPercent / 100));
    }

    /** One key's server. */
    @Benchmark
    public int owner() {
        return lookup.owner(Fleet.keyHash(key++));
    }
}
