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

/** From a key of 24 characters to a server; and what its hash alone takes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
public class StringBenchmark {
    private static final int LENGTH = 24;

    @Param({
        Targets.ALONE,
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
    private String contender = "";

    @Param({"10", "100", "1000", "10000"})
    private int servers;

    /**
     * How many different keys come, in turn; a power of two. 16,384 strings take 1 MB, more than a core's own cache.
     */
    @Param({"1024", "16384"})
    private int keys;

    private String[] texts = {};
    private ToIntFunction<String> lookup = String::length;
    private int next;

    /** Makes the look-up. */
    @Setup
    public void setUp() {
        texts = Fleet.keys(LENGTH, keys);
        KeyHash hash = KeyHashes.xxh3();
        List<String> names = Fleet.names(servers);
        if (contender.equals(Targets.ALONE)) {
            lookup = key -> (int) hash.hash(key);
        } else if (contender.equals("ALLGOOD")) {
            lookup = new AllgoodRing(names)::owner;
        } else if (Contender.valueOf(contender).isOurs()) {
            HashRouter router = Contender.valueOf(contender).router(Contender.members(names), servers);
            lookup = key -> router.owner(hash.hash(key));
        } else {
            Lookup peer = Contender.valueOf(contender).of(names, servers);
            lookup = key -> peer.owner(hash.hash(key));
        }
    }

    /** One key's server. */
    @Benchmark
    public int owner() {
        next = (next + 1) & (texts.length - 1);
        return lookup.applyAsInt(texts[next]);
    }
}
