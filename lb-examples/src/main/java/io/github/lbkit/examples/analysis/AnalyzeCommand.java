package io.github.lbkit.examples.analysis;

import io.github.lbkit.examples.load.Progress;
import io.github.lbkit.examples.secret.TokenFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Puts real servers under load, and writes a report with charts. */
@Command(
        name = "analyze",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Puts real servers under load: how evenly requests are spread (A-1), what more servers change (A-2),"
                        + " what becomes of requests when a server is killed (A-3), and what other hash functions do (A-4)."
                        + " Writes report.html, results.json, and each chart as SVG and PNG.",
        footer = {"", "Exit status: 0 all came out as it should, 1 something did not, 2 a setting is wrong."})
public final class AnalyzeCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--requests",
            paramLabel = "N",
            defaultValue = "10000",
            description =
                    "requests of each load; the one with the kill has four times as many (default: ${DEFAULT-VALUE})")
    private long requests;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "analysis",
            description = "where the report goes (default: ${DEFAULT-VALUE})")
    private Path out = Path.of("analysis");

    @Option(
            names = "--pool",
            paramLabel = "POOL",
            defaultValue = "process",
            description = "where servers come from, as serve takes it (default: ${DEFAULT-VALUE})")
    private String pool = "process";

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "analyze the balancer that runs there, instead of starting some: any balancer whose servers are demo"
                            + " servers (lbkit server). Where it has the reserved paths (serve --reserved-paths on), its"
                            + " endpoints are checked too, and the expected shares are its own")
    private Optional<String> url = Optional.empty();

    @Option(
            names = "--allow-changes",
            description = "with --url: servers may be added and removed; they are put back in the end")
    private boolean allowChanges;

    @Option(
            names = "--admin-token-file",
            paramLabel = "FILE",
            description = "with --url: a file with the token of the balancer")
    private Optional<Path> tokenFile = Optional.empty();

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "100",
            description = "how many requests at the same time (default: ${DEFAULT-VALUE})")
    private int connections;

    @Option(
            names = "--rate",
            paramLabel = "R",
            defaultValue = "3000",
            description = "requests a second of the load with the kill (default: ${DEFAULT-VALUE})")
    private double rate;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "decides the requests' keys (default: another one each time, told in the report)")
    private Optional<Long> seed = Optional.empty();

    @Option(
            names = "--kill-command",
            paramLabel = "COMMAND",
            description = "how to kill a server, with {instance}, {id} or {address} (default: what suits the pool)")
    private Optional<String> killCommand = Optional.empty();

    @Parameters(
            arity = "0..*",
            paramLabel = "SERVE-OPTION",
            description = "after --: further options for the balancers that are started, as serve takes them")
    private List<String> serveOptions = new ArrayList<>();

    /** Made by picocli. */
    public AnalyzeCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter terminal = spec.commandLine().getOut();
        AnalysisResults results;
        try {
            AnalysisSettings settings = new AnalysisSettings(
                    requests,
                    connections,
                    rate,
                    seed.orElseGet(() -> ThreadLocalRandom.current().nextLong(1_000_000_000)),
                    pool,
                    serveOptions,
                    url,
                    allowChanges,
                    tokenFile.map(TokenFile::read),
                    killCommand);
            results = Analysis.run(settings, Progress.on(terminal), line -> {
                terminal.println(line);
                terminal.flush();
            });
        } catch (IllegalArgumentException | CommandLine.ParameterException wrong) {
            throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
        }
        Path page = Report.write(results, out);
        List<Verdict> verdicts = Verdict.of(results);
        for (Verdict verdict : verdicts) {
            terminal.println(
                    verdict.task() + " " + verdict.outcome().name().toLowerCase(Locale.ROOT) + ": " + verdict.text());
        }
        terminal.println("report: " + page);
        terminal.flush();
        return verdicts.stream().anyMatch(v -> v.outcome() == Verdict.Outcome.FAILED) ? 1 : 0;
    }
}
