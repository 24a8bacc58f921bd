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

/** A walk over the first candidates of a key, as when the owner is away. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
public class CandidatesBenchmark {
    @Param({"HASH", "RENDEZVOUS", "RING", "MAGLEV"})
    private Contender contender = Contender.HASH;

    @Param({"100", "1000"})
    private int servers;

    @Param({"1", "2", "3", "8"})
    private int candidates;

    /** How many different keys come; a claim table remembers the second candidates of those that came before. */
    @Param({"1024", "1000000000"})
    private int keys;

    private HashRouter router = Contender.RENDEZVOUS.router(List.of(), 1);
    private final Cursor cursor = new Cursor(() -> 0);
    private int key;

    /** Makes the router. */
    @Setup
    public void setUp() {
        router = contender.router(Contender.members(Fleet.names(servers)), servers);
    }

    /** The last of the first candidates. */
    @Benchmark
    public int walk() {
        key = key + 1 == keys ? 0 : key + 1;
        long hash = Fleet.keyHash(key);
        cursor.restartForNewKey();
        int index = -1;
        for (int i = 0; i < candidates; i++) {
            index = router.next(hash, cursor);
        }
        return index;
    }
}
