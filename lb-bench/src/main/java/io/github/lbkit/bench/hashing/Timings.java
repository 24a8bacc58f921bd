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

/** Runs benchmarks and puts times and allocations among the results. Confined to one thread. */
final class Timings {
    private final Results results;

    Timings(Results results) {
        this.results = results;
    }

    /** All of a benchmark's methods and parameters, unless told. */
    static ChainedOptionsBuilder options(Class<?> benchmark) {
        return new OptionsBuilder()
                .include(benchmark.getName() + "\\.")
                .verbosity(VerboseMode.SILENT)
                .addProfiler(GCProfiler.class);
    }

    /** A benchmark of one method, by contender and number of servers. */
    void measure(String what, ChainedOptionsBuilder options) throws RunnerException {
        measure(method -> what, options, "contender", "servers");
    }

    /**
     * A benchmark.
     *
     * @param what from the name of a method to what it measures
     * @param who the parameter that tells who is measured
     * @param number the parameter that stands for the number of servers
     */
    void measure(UnaryOperator<String> what, ChainedOptionsBuilder options, String who, String number)
            throws RunnerException {
        for (RunResult run : new Runner(options.build()).run()) {
            var params = run.getParams();
            String benchmark = params.getBenchmark();
            String name = what.apply(benchmark.substring(benchmark.lastIndexOf('.') + 1));
            String label = label(params.getParam(who));
            int servers = Integer.parseInt(params.getParam(number));
            var primary = run.getPrimaryResult();
            results.put(name, label, servers, primary.getStatistics().getMin(), primary.getScoreUnit());
            var allocated = run.getSecondaryResults().get("gc.alloc.rate.norm");
            if (allocated != null) {
                results.put(name + ", allocated", label, servers, Math.rint(allocated.getScore()), "B/op");
            }
        }
    }

    /** What people call a contender; another name as it is. */
    private static String label(String who) {
        return Stream.of(Contender.values())
                .filter(contender -> contender.name().equals(who))
                .map(Contender::label)
                .findFirst()
                .orElse(who);
    }
}
