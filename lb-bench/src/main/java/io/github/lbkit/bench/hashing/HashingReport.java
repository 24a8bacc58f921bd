package io.github.lbkit.bench.hashing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.openjdk.jmh.runner.RunnerException;

/**
 * A program that measures the routers and the algorithms of other libraries, keeps the results in a file, and prints
 * every target with the measured value: {@code java -cp lb-bench/target/benchmarks.jar
 * io.github.lbkit.bench.hashing.HashingReport docs/hashing-results.csv [part…]}. Parts take a few minutes each and are
 * measured in the order of the usage text; {@code all} measures all parts. Without a part, the program only prints.
 *
 * <p>A time is the minimum of four short iterations in one fork, which excludes the effects of a busy machine.
 */
public final class HashingReport {
    private static final List<String> PARTS =
            Stream.of(ReportPart.values()).map(HashingReport::name).toList();

    private HashingReport() {}

    /** Measures the given parts and prints the targets. */
    public static void main(String[] arguments) throws IOException, RunnerException {
        List<String> named = List.of(arguments).stream().skip(1).toList();
        if (arguments.length == 0
                || !Stream.concat(PARTS.stream(), Stream.of("all")).toList().containsAll(named)) {
            System.err.println("usage: HashingReport FILE [" + String.join(" ", PARTS) + " | all]");
            System.exit(2);
        }
        System.setProperty("jol.magicFieldOffset", "true"); // otherwise JOL cannot measure records
        Path file = Path.of(arguments[0]);
        Results results = Results.of(file);
        for (ReportPart part : ReportPart.values()) {
            if (named.contains("all") || named.contains(name(part))) {
                long start = System.nanoTime();
                part.measure(results);
                results.write(file);
                System.out.printf("%s took %d s%n", part, (System.nanoTime() - start) / 1_000_000_000);
            }
        }
        System.out.print(Targets.table(results));
    }

    private static String name(ReportPart part) {
        return part.name().toLowerCase(Locale.ROOT);
    }
}
