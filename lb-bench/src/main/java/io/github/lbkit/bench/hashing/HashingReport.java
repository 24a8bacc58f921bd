package io.github.lbkit.bench.hashing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Measures the routers beside those of others, keeps what it finds in a file, and prints every target beside what was
 * measured: {@code java -cp lb-bench/target/benchmarks.jar io.github.lbkit.bench.hashing.HashingReport
 * docs/hashing-results.csv [part…]}. Parts are measured in the order in which they are named here: {@code peaks}, {@code moves}, {@code memory}, {@code ours},
 * {@code peers}, {@code removed}, {@code strings}, {@code keys}, {@code changes}, {@code walks}, or {@code all}; without any
 * it prints alone.
 *
 * <p>Times are the least of four short iterations in one fork: what a busy machine adds is left out.
 */
public final class HashingReport {
    private HashingReport() {}

    /** Measures and prints. */
    public static void main(String[] arguments) throws IOException, RunnerException {
        if (arguments.length == 0) {
            System.err.println(
                    "usage: HashingReport FILE [peaks moves memory ours peers removed strings keys changes walks | all]");
            System.exit(2);
        }
        System.setProperty("jol.magicFieldOffset", "true"); // or it cannot measure records
        Path file = Path.of(arguments[0]);
        Results results = Results.of(file);
        List<String> named = List.of(arguments).subList(1, arguments.length);
        for (Part part : Part.values()) {
            if (named.contains("all") || named.contains(part.name().toLowerCase(Locale.ROOT))) {
                part.measure(results);
                results.write(file);
            }
        }
        System.out.print(Targets.table(results));
    }
}
