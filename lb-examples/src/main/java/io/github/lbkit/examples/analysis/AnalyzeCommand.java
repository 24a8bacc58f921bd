package io.github.lbkit.examples.analysis;

import io.github.lbkit.examples.analysis.report.Report;
import io.github.lbkit.examples.analysis.report.TaskVerdict;
import io.github.lbkit.examples.analysis.result.AnalysisResults;
import io.github.lbkit.examples.analysis.result.AnalysisSettings;
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

/** The command that runs loads against real servers, and writes a report with charts. */
@Command(
        name = "analyze",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Runs loads against real servers and measures the distribution of requests (A-1), the effect of more"
                        + " servers (A-2), the recovery after the kill of a server (A-3), and the effect of other hash"
                        + " functions (A-4). Writes report.html, results.json, and each chart as SVG and PNG.",
        footer = {"", "Exit status: 0 if all tasks passed, 1 if a task failed, 2 if a setting is not allowed."})
public final class AnalyzeCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--requests",
            paramLabel = "N",
            defaultValue = "10000",
            description = "the number of requests of each load; the load with the kill has four times as many (default:"
                    + " ${DEFAULT-VALUE})")
    private long requests;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "analysis",
            description = "the directory of the report (default: ${DEFAULT-VALUE})")
    private Path out = Path.of("analysis");

    @Option(
            names = "--pool",
            paramLabel = "POOL",
            defaultValue = "process",
            description = "the source of servers, as in serve --pool (default: ${DEFAULT-VALUE})")
    private String pool = "process";

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "analyze the running balancer at this URL instead of starting balancers; its servers must be demo"
                            + " servers (lbkit server). If it has the reserved paths (serve --reserved-paths on), its"
                            + " endpoints are checked too, and it provides the expected shares")
    private Optional<String> url = Optional.empty();

    @Option(
            names = "--allow-changes",
            description = "with --url: allow adding and removing servers; they are restored at the end")
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
            description = "the number of concurrent requests (default: ${DEFAULT-VALUE})")
    private int connections;

    @Option(
            names = "--rate",
            paramLabel = "R",
            defaultValue = "3000",
            description = "the rate of the load with the kill, in requests per second (default: ${DEFAULT-VALUE})")
    private double rate;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "the seed of the keys of requests (default: random; the report contains it)")
    private Optional<Long> seed = Optional.empty();

    @Option(
            names = "--kill-command",
            paramLabel = "COMMAND",
            description = "the command that kills a server, with {instance}, {id} or {address} (default: depends on the"
                    + " pool)")
    private Optional<String> killCommand = Optional.empty();

    @Parameters(
            arity = "0..*",
            paramLabel = "SERVE-OPTION",
            description = "after --: further options of serve for the balancers that are started")
    private List<String> serveOptions = new ArrayList<>();

    /** Creates the command; picocli calls this. */
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
        List<TaskVerdict> verdicts = TaskVerdict.of(results);
        for (TaskVerdict verdict : verdicts) {
            terminal.println(
                    verdict.task() + " " + verdict.outcome().name().toLowerCase(Locale.ROOT) + ": " + verdict.text());
        }
        terminal.println("report: " + page);
        terminal.flush();
        return verdicts.stream().anyMatch(v -> v.outcome() == TaskVerdict.Outcome.FAILED) ? 1 : 0;
    }
}
