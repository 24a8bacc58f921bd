package io.github.lbkit.bench.hashing;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.HashRouter;
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

/** A benchmark of the first candidates of a key, which are needed when the owner is unavailable. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
public class CandidatesBenchmark {
    @Param({"HASH", "RENDEZVOUS", "RING", "MAGLEV"})
    private Algorithm algorithm = Algorithm.HASH;

    @Param({"100", "1000"})
    private int servers;

    @Param({"1", "2", "3", "8"})
    private int candidates;

    /** The number of different keys. A claim table caches the second candidates of slots that were used before. */
    @Param({"1024", "1000000000"})
    private int keys;

    private HashRouter router = Algorithm.RENDEZVOUS.router(List.of(), 1);
    private final Cursor cursor = new Cursor(() -> 0);
    private int key;

    /** Creates the router. */
    @Setup
    public void setUp() {
        router = algorithm.router(Algorithm.members(Workload.names(servers)), servers);
    }

    /** Returns the last of the requested candidates. */
    @Benchmark
    public int walk() {
        key = key + 1 == keys ? 0 : key + 1;
        long hash = Workload.keyHash(key);
        cursor.restartForNewKey();
        int index = -1;
        for (int i = 0; i < candidates; i++) {
            index = router.next(hash, cursor);
        }
        return index;
    }
}
