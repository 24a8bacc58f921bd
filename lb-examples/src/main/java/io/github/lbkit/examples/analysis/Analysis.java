package io.github.lbkit.examples.analysis;

import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.examples.analysis.result.AnalysisResults;
import io.github.lbkit.examples.analysis.result.AnalysisSettings;
import io.github.lbkit.examples.analysis.result.Distribution;
import io.github.lbkit.examples.analysis.result.DistributionRun;
import io.github.lbkit.examples.analysis.result.EndpointCheck;
import io.github.lbkit.examples.analysis.result.PolicyStudy;
import io.github.lbkit.examples.analysis.result.ResilienceResult;
import io.github.lbkit.examples.analysis.subject.AnalyzedBalancer;
import io.github.lbkit.examples.analysis.subject.AttachedBalancer;
import io.github.lbkit.examples.analysis.subject.CommandKill;
import io.github.lbkit.examples.analysis.subject.ContainerKill;
import io.github.lbkit.examples.analysis.subject.EndpointChecks;
import io.github.lbkit.examples.analysis.subject.Kill;
import io.github.lbkit.examples.analysis.subject.ProcessKill;
import io.github.lbkit.examples.analysis.subject.ReservedPathsClient;
import io.github.lbkit.examples.analysis.subject.StartedBalancer;
import io.github.lbkit.examples.load.LoadGenerator;
import io.github.lbkit.examples.load.LoadObserver;
import io.github.lbkit.examples.load.LoadPlan;
import io.github.lbkit.examples.load.LoadResult;
import io.github.lbkit.examples.load.Progress;
import io.github.lbkit.examples.secret.Secrets;
import io.github.lbkit.examples.serve.settings.PoolSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The assignment's tasks in order, against real servers. Blocks until the end of the measurements. Confined
 * to one thread and one use.
 */
final class Analysis {
    private static final int FIRST = 3;
    private static final long WARM_UP = 20_000;
    private static final Duration WARM_UP_TIME = Duration.ofSeconds(1);
    private static final long FIRST_WARM_UP = 200_000;
    private static final Duration FIRST_WARM_UP_TIME = Duration.ofSeconds(10);
    private static final int WARM_UP_FACTOR = 20;
    private static final List<Integer> GROWTH = List.of(2, 3, 4, 5, 6);

    private final AnalysisSettings settings;
    private final Progress progress;
    private final Path state;
    private long loads;
    private boolean warm;

    private Analysis(AnalysisSettings settings, Progress progress, Path state) {
        this.settings = settings;
        this.progress = progress;
        this.state = state;
    }

    /**
     * Runs all tasks.
     *
     * @param output gets lines for people before the first load
     */
    static AnalysisResults run(AnalysisSettings settings, Progress progress, Consumer<String> output)
            throws IOException, InterruptedException {
        if (settings.url().isPresent()) {
            try (AttachedBalancer attached = attached(settings)) {
                attached.offer().lines().forEach(output);
            }
        }
        Path state = Files.createTempDirectory("lbkit-analysis");
        try {
            return new Analysis(settings, progress, state).run();
        } finally {
            delete(state);
        }
    }

    private AnalysisResults run() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        PolicyStudy main = study(Candidate.MAIN);
        ResilienceResult resilience = resilience();
        List<PolicyStudy> others = new ArrayList<>();
        if (settings.url().isEmpty()) {
            for (Candidate candidate : Candidate.OTHERS) {
                others.add(study(candidate));
            }
        }
        return new AnalysisResults(
                settings, main, resilience, others, (System.nanoTime() - begin) / 1e9, Instant.now());
    }

    /** A policy to study, with its options for {@code serve}; an empty label stands for the policy of the balancer. */
    private record Candidate(String label, List<String> options) {
        static final Candidate MAIN = new Candidate("", List.of());
        static final List<Candidate> OTHERS = List.of(
                new Candidate("the assignment's H and Φ", List.of("--policy", "assignment")),
                new Candidate(
                        "a mixed hash, K = 9", List.of("--policy", "ring", "--policy-option", "points-per-weight=9")));

        String label(AnalyzedBalancer balancer) {
            String policy = balancer.policy().orElse("the running balancer");
            return !label.isEmpty() ? label : policy.equals("hash") ? "hash, the default" : policy;
        }

        List<String> arguments(List<String> before) {
            return Stream.concat(before.stream(), options.stream()).toList();
        }
    }

    private PolicyStudy study(Candidate candidate) throws IOException, InterruptedException {
        String label;
        DistributionRun first;
        List<String> warnings;
        try (AnalyzedBalancer balancer = open(candidate, FIRST, List.of())) {
            label = candidate.label(balancer);
            first = distributionRun(balancer, label + ", " + balancer.shares().size() + " servers");
            warnings = balancer.warnings();
        }
        List<DistributionRun> growth = new ArrayList<>();
        try (AnalyzedBalancer balancer = open(candidate, GROWTH.get(0), List.of())) {
            Optional<String> fixed = balancer.whyFixed();
            if (fixed.isPresent()) {
                return new PolicyStudy(label, first, growth, warnings, fixed);
            }
            for (int servers : GROWTH) {
                balancer.resize(servers);
                growth.add(distributionRun(balancer, label + ", " + servers + " servers"));
            }
        }
        return new PolicyStudy(label, first, growth, warnings, Optional.empty());
    }

    private DistributionRun distributionRun(AnalyzedBalancer balancer, String what)
            throws IOException, InterruptedException {
        Map<String, Double> shares = balancer.shares();
        warmUp(balancer.address());
        progress.begin(what, settings.requests());
        loads++;
        LoadResult load = LoadGenerator.run(
                LoadPlan.closedLoop(
                        balancer.address(),
                        AnalysisSettings.PATH,
                        settings.requests(),
                        settings.connections(),
                        settings.seed() + loads),
                progress);
        progress.end();
        return new DistributionRun(Distribution.of(shares, load.servers()), load);
    }

    /**
     * Warms up code and connections, which would otherwise count as slowness of the first loads. The first warm-up is
     * longer, because the balancer's code is compiled in this process once. A time limit bounds the warm-up of slow
     * servers.
     */
    private void warmUp(InetSocketAddress address) {
        long requests = warm ? WARM_UP : FIRST_WARM_UP;
        LoadPlan plan = LoadPlan.closedLoop(
                        address,
                        AnalysisSettings.PATH,
                        Math.min(requests, WARM_UP_FACTOR * settings.requests()),
                        settings.connections(),
                        -settings.seed() - loads)
                .within(warm ? WARM_UP_TIME : FIRST_WARM_UP_TIME);
        warm = true;
        var unused = LoadGenerator.run(plan, LoadObserver.NONE);
    }

    private ResilienceResult resilience() throws IOException, InterruptedException {
        RecoveryWatch watch = new RecoveryWatch(System::nanoTime);
        try (AnalyzedBalancer balancer = open(Candidate.MAIN, FIRST, List.of(watch))) {
            boolean demo = settings.url().isPresent() || !settings.pool().contains(":");
            boolean reserved = !(balancer instanceof AttachedBalancer attached)
                    || attached.offer().reserved();
            List<EndpointCheck> checks = reserved
                    ? EndpointChecks.run(
                            new ReservedPathsClient(balancer.address(), settings.token()),
                            balancer.whyFixed().isEmpty(),
                            demo)
                    : List.of();
            Optional<Kill> kill = kill(settings);
            if (!(balancer instanceof StartedBalancer own)) {
                return new ResilienceResult(
                        checks,
                        Optional.empty(),
                        Optional.of("no server was killed: the recovery of a balancer in another process cannot be"
                                + " observed. Without --url, the analysis starts balancers of its own"));
            }
            if (kill.isEmpty()) {
                return new ResilienceResult(
                        checks,
                        Optional.empty(),
                        Optional.of("no server was killed: the analysis has no kill for pool '"
                                + Secrets.masked(settings.pool()) + "'; --kill-command sets one"));
            }
            warmUp(balancer.address());
            return new ResilienceResult(
                    checks, Optional.of(KillRun.of(own, watch, kill.get(), settings, progress)), Optional.empty());
        }
    }

    /** Returns the kill of the command line, or that of the pool; empty if there is none. */
    private static Optional<Kill> kill(AnalysisSettings settings) {
        if (settings.killCommand().isPresent()) {
            return Optional.of(new CommandKill(settings.killCommand().get()));
        }
        if (settings.url().isPresent()) {
            return Optional.empty();
        }
        if (settings.pool().equals("process")) {
            return Optional.of(new ProcessKill());
        }
        return settings.pool().equals("docker") || settings.pool().startsWith("docker:")
                ? Optional.of(new ContainerKill("docker"))
                : Optional.empty();
    }

    private static AttachedBalancer attached(AnalysisSettings settings) throws IOException {
        return new AttachedBalancer(settings.url().orElseThrow(), settings.mayChange(), settings.token());
    }

    private AnalyzedBalancer open(Candidate candidate, int servers, List<LoadBalancerListener> listeners)
            throws IOException, InterruptedException {
        if (settings.url().isPresent()) {
            return attached(settings);
        }
        List<String> arguments = new ArrayList<>(List.of(
                "--listen",
                "127.0.0.1:0",
                "--admin",
                "off",
                "--state-dir",
                state.toString(),
                "--pool",
                settings.pool(),
                "--reserved-paths",
                "on"));
        if (PoolSettings.decidesServers(settings.pool())) {
            arguments.addAll(List.of("--servers", String.valueOf(servers)));
        }
        arguments.addAll(settings.serveOptions());
        return StartedBalancer.start(candidate.arguments(arguments), listeners);
    }

    private static void delete(Path directory) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(directory)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
    }
}
