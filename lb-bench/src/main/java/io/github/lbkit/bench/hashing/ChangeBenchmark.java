package io.github.lbkit.bench.hashing;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
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

/** A benchmark of changes: a server joins, a server leaves, and a router is built anew. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class ChangeBenchmark {
    @Param({"HASH", "CAPPED", "RING", "MAGLEV"})
    private Algorithm algorithm = Algorithm.HASH;

    @Param({"100", "1000"})
    private int servers;

    private List<Member> members = List.of();
    private HashRouter router = Algorithm.RENDEZVOUS.router(List.of(), 1);
    private int next;

    /** Creates the router that changes. */
    @Setup
    public void setUp() {
        members = Algorithm.members(Workload.names(servers));
        router = algorithm.router(members, servers);
    }

    /** Adds another server in each call, at some place in the order of names. */
    @Benchmark
    public HashRouter add() {
        next = (next + 1) % servers;
        return router.with(new Member(members.get(next).id() + "a", 1));
    }

    /** Removes another server in each call. */
    @Benchmark
    public HashRouter remove() {
        next = (next + 1) % servers;
        return router.without(members.get(next).id());
    }

    /** Builds the router anew. */
    @Benchmark
    public HashRouter rebuild() {
        return algorithm.router(members, servers);
    }
}
