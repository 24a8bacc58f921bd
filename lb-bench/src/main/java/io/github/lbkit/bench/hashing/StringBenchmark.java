package io.github.lbkit.bench.hashing;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.KeyHash;
import io.github.lbkit.hashing.KeyHashes;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
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

/** A benchmark of the look-up of a server by a key of 24 characters, and of the hash of such a key alone. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
public class StringBenchmark {
    /** The parameter value that measures the hash of a string without a look-up. */
    static final String HASH_ALONE = "hash alone";

    private static final int LENGTH = 24;

    @Param({
        HASH_ALONE,
        "HASH",
        "RING",
        "CAPPED",
        "MAGLEV",
        "TREE_MAP",
        "GUAVA",
        "JUMP_BACK",
        "JUMP_BACK_ANCHOR",
        "ALLGOOD",
        "BARE_TABLE"
    })
    private String algorithm = "";

    @Param({"10", "100", "1000", "10000"})
    private int servers;

    /** The number of different keys, a power of two. 16,384 strings take 1 MB, more than the cache of a core. */
    @Param({"1024", "16384"})
    private int keys;

    private String[] texts = {};
    private ToIntFunction<String> lookup = String::length;
    private int next;

    /** Creates the look-up. */
    @Setup
    public void setUp() {
        texts = Workload.keys(LENGTH, keys);
        KeyHash hash = KeyHashes.xxh3();
        List<String> names = Workload.names(servers);
        if (algorithm.equals(HASH_ALONE)) {
            lookup = key -> (int) hash.hash(key);
        } else if (algorithm.equals("ALLGOOD")) {
            lookup = new AllgoodRing(names)::owner;
        } else if (Algorithm.valueOf(algorithm).isLbkit()) {
            HashRouter router = Algorithm.valueOf(algorithm).router(Algorithm.members(names), servers);
            lookup = key -> router.owner(hash.hash(key));
        } else {
            Lookup peer = Algorithm.valueOf(algorithm).of(names, servers);
            lookup = key -> peer.owner(hash.hash(key));
        }
    }

    /** Returns the server of a key. */
    @Benchmark
    public int owner() {
        next = (next + 1) & (texts.length - 1);
        return lookup.applyAsInt(texts[next]);
    }
}
