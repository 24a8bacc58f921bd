package io.github.lbkit.bench;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
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
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * A lower bound for {@link CallBenchmark}: the costs of any code that times an attempt and counts it in flight. These
 * are two reads of the clock, two atomic operations on the cache line of a server at any place in memory, and one
 * object for each request.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
public class FloorBenchmark {
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int MIDDLE = 7;

    @Param({"10", "1000", "10000"})
    private int servers;

    private long[][] cells = {};

    /** Creates 128 bytes for each server. */
    @Setup
    public void setUp() {
        cells = new long[servers][14];
    }

    /** Runs only the two reads of the clock. */
    @Benchmark
    public long clock() {
        long began = System.nanoTime();
        return System.nanoTime() - began;
    }

    /** Runs all operations on a random server. */
    @Benchmark
    public long[] request(Blackhole hole) {
        long began = System.nanoTime();
        long[] call = new long[14];
        long[] server = cells[ThreadLocalRandom.current().nextInt(servers)];
        call[0] = (long) CELL.getAndAdd(server, MIDDLE, 1L);
        hole.consume(System.nanoTime() - began);
        call[1] = (long) CELL.getAndAdd(server, MIDDLE, -1L);
        return call;
    }
}
