package io.github.lbkit.bench.hashing;

import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** A runner of JMH benchmarks that adds times and allocations to the results. Confined to one thread. */
final class JmhRunner {
    private final Results results;

    JmhRunner(Results results) {
        this.results = results;
    }

    /** Returns options for all methods and all parameters of a benchmark. */
    static ChainedOptionsBuilder options(Class<?> benchmark) {
        return new OptionsBuilder()
                .include(benchmark.getName() + "\\.")
                .verbosity(VerboseMode.SILENT)
                .addProfiler(GCProfiler.class);
    }

    /** Runs a benchmark with one method, by algorithm and number of servers. */
    void measure(String quantity, ChainedOptionsBuilder options) throws RunnerException {
        measure(method -> quantity, options, "algorithm", "servers");
    }

    /**
     * Runs a benchmark.
     *
     * @param quantityOf the measured quantity, from the name of a method
     * @param options the options of the run
     * @param algorithmParam the parameter that names the algorithm
     * @param serversParam the parameter for the column of servers
     */
    void measure(
            UnaryOperator<String> quantityOf, ChainedOptionsBuilder options, String algorithmParam, String serversParam)
            throws RunnerException {
        for (RunResult run : new Runner(options.build()).run()) {
            var params = run.getParams();
            String benchmark = params.getBenchmark();
            String quantity = quantityOf.apply(benchmark.substring(benchmark.lastIndexOf('.') + 1));
            String label = label(params.getParam(algorithmParam));
            int servers = Integer.parseInt(params.getParam(serversParam));
            var primary = run.getPrimaryResult();
            results.put(quantity, label, servers, primary.getStatistics().getMin(), primary.getScoreUnit());
            var allocated = run.getSecondaryResults().get("gc.alloc.rate.norm");
            if (allocated != null) {
                results.put(quantity + ", allocated", label, servers, Math.rint(allocated.getScore()), "B/op");
            }
        }
    }

    /** Returns the name of an algorithm for people; any other text unchanged. */
    private static String label(String name) {
        return Stream.of(Algorithm.values())
                .filter(algorithm -> algorithm.name().equals(name))
                .map(Algorithm::label)
                .findFirst()
                .orElse(name);
    }
}
