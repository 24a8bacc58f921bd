package io.github.lbkit.bench.hashing;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import io.github.lbkit.hashing.KeyHashes;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
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

/** A benchmark of the hash of a key alone: lbkit, hash4j over characters, Guava over bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
public class KeyHashBenchmark {
    private static final int KEYS = 1 << 10;

    @Param({
        "none",
        "own fold",
        "xxh3",
        "rapidhash3",
        "wyhash4",
        "komihash5",
        "xxh64",
        "guava murmur3_128",
        "guava farmhash"
    })
    private String function = "";

    @Param({"8", "24", "100"})
    private int length;

    private String[] keys = {};
    private ToLongFunction<String> hash = String::length;
    private int next;

    /** Creates the keys. */
    @Setup
    public void setUp() {
        keys = Workload.keys(length, KEYS);
        hash = switch (function) {
            case "none" -> String::length;
            case "own fold" -> MultiplyFoldHash::hash;
            case "guava murmur3_128" -> KeyHashes.of(com.google.common.hash.Hashing.murmur3_128())::hash;
            case "guava farmhash" ->
                key -> com.google.common.hash.Hashing.farmHashFingerprint64()
                        .hashString(key, StandardCharsets.UTF_8)
                        .asLong();
            default -> hasher(function)::hashCharsToLong;
        };
    }

    private static Hasher64 hasher(String function) {
        return switch (function) {
            case "xxh3" -> Hashing.xxh3_64();
            case "rapidhash3" -> Hashing.rapidhashV3();
            case "wyhash4" -> Hashing.wyhashFinal4();
            case "komihash5" -> Hashing.komihash5_0();
            case "xxh64" -> Hashing.xxh64();
            default -> throw new IllegalArgumentException("no function " + function);
        };
    }

    /** Returns the hash of a key. */
    @Benchmark
    public long hash() {
        next = (next + 1) & (KEYS - 1);
        return hash.applyAsLong(keys[next]);
    }
}
