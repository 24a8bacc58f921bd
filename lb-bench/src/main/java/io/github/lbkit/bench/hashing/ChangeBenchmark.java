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

/** One server more, one less, and a router from nothing. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class ChangeBenchmark {
    @Param({"HASH", "CAPPED", "RING", "MAGLEV"})
    private Contender contender = Contender.HASH;

    @Param({"100", "1000"})
    private int servers;

    private List<Member> members = List.of();
    private HashRouter router = Contender.RENDEZVOUS.router(List.of(), 1);
    private int next;

    /** Makes the router that changes. */
    @Setup
    public void setUp() {
        members = Contender.members(Fleet.names(servers));
        router = contender.router(members, servers);
    }

    /** Another one joins each time, somewhere in the order of names. */
    @Benchmark
    public HashRouter add() {
        next = (next + 1) % servers;
        return router.with(new Member(members.get(next).id() + "a", 1));
    }

    /** Another one leaves each time. */
    @Benchmark
    public HashRouter remove() {
        next = (next + 1) % servers;
        return router.without(members.get(next).id());
    }

    /** From nothing. */
    @Benchmark
    public HashRouter rebuild() {
        return contender.router(members, servers);
    }
}
