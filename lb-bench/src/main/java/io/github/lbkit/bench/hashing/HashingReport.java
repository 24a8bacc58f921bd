package io.github.lbkit.bench.hashing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Measures the routers beside those of others, keeps what it finds in a file, and prints every target beside what was
 * measured: {@code java -cp lb-bench/target/benchmarks.jar io.github.lbkit.bench.hashing.HashingReport
 * docs/hashing-results.csv [part…]}. Parts, each of a few minutes, are measured in the order in which the usage names
 * them, or {@code all}; without any it prints alone.
 *
 * <p>Times are the least of four short iterations in one fork: what a busy machine adds is left out.
 */
public final class HashingReport {
    private static final List<String> PARTS =
            Stream.of(Part.values()).map(HashingReport::name).toList();

    private HashingReport() {}

    /** Measures and prints. */
    public static void main(String[] arguments) throws IOException, RunnerException {
        List<String> named = List.of(arguments).stream().skip(1).toList();
        if (arguments.length == 0
                || !Stream.concat(PARTS.stream(), Stream.of("all")).toList().containsAll(named)) {
            System.err.println("usage: HashingReport FILE [" + String.join(" ", PARTS) + " | all]");
            System.exit(2);
        }
        System.setProperty("jol.magicFieldOffset", "true"); // or it cannot measure records
        Path file = Path.of(arguments[0]);
        Results results = Results.of(file);
        for (Part part : Part.values()) {
            if (named.contains("all") || named.contains(name(part))) {
                long start = System.nanoTime();
                part.measure(results);
                results.write(file);
                System.out.printf("%s took %d s%n", part, (System.nanoTime() - start) / 1_000_000_000);
            }
        }
        System.out.print(Targets.table(results));
    }

    private static String name(Part part) {
        return part.name().toLowerCase(Locale.ROOT);
    }
}
