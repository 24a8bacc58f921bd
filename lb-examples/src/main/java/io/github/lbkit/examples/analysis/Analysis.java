package io.github.lbkit.examples.analysis;

import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.examples.load.LoadGenerator;
import io.github.lbkit.examples.load.LoadObserver;
import io.github.lbkit.examples.load.LoadPlan;
import io.github.lbkit.examples.load.LoadResult;
import io.github.lbkit.examples.load.Progress;
import io.github.lbkit.examples.secret.Secrets;
import io.github.lbkit.examples.serve.ServeSettings;
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
 * The assignment's tasks in order, against real servers. Blocks until all is measured; confined to one thread
 * and one use.
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
     * Measures everything.
     *
     * @param told gets lines for people before the first load
     */
    static AnalysisResults run(AnalysisSettings settings, Progress progress, Consumer<String> told)
            throws IOException, InterruptedException {
        if (settings.url().isPresent()) {
            try (AttachedBalancer attached = attached(settings)) {
                attached.found().lines().forEach(told);
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
        PolicyStudy usual = study(Candidate.USUAL);
        Endurance endurance = endurance();
        List<PolicyStudy> others = new ArrayList<>();
        if (settings.url().isEmpty()) {
            for (Candidate candidate : Candidate.OTHERS) {
                others.add(study(candidate));
            }
        }
        return new AnalysisResults(
                settings, usual, endurance, others, (System.nanoTime() - begin) / 1e9, Instant.now());
    }

    /** A policy that is studied: for people, and by options; without a label it is the one that the balancer has. */
    private record Candidate(String label, List<String> options) {
        static final Candidate USUAL = new Candidate("", List.of());
        static final List<Candidate> OTHERS = List.of(
                new Candidate("the assignment's H and Φ", List.of("--policy", "assignment")),
                new Candidate(
                        "a mixed hash, K = 9", List.of("--policy", "ring", "--policy-option", "points-per-weight=9")));

        String label(Subject subject) {
            String policy = subject.policy().orElse("the running balancer");
            return !label.isEmpty() ? label : policy.equals("hash") ? "hash, the default" : policy;
        }

        List<String> arguments(List<String> before) {
            return Stream.concat(before.stream(), options.stream()).toList();
        }
    }

    private PolicyStudy study(Candidate candidate) throws IOException, InterruptedException {
        String label;
        SpreadRun first;
        List<String> warnings;
        try (Subject subject = open(candidate, FIRST, List.of())) {
            label = candidate.label(subject);
            first = spread(subject, label + ", " + subject.shares().size() + " servers");
            warnings = subject.warnings();
        }
        List<SpreadRun> growth = new ArrayList<>();
        try (Subject subject = open(candidate, GROWTH.get(0), List.of())) {
            Optional<String> fixed = subject.whyFixed();
            if (fixed.isPresent()) {
                return new PolicyStudy(label, first, growth, warnings, fixed);
            }
            for (int servers : GROWTH) {
                subject.resize(servers);
                growth.add(spread(subject, label + ", " + servers + " servers"));
            }
        }
        return new PolicyStudy(label, first, growth, warnings, Optional.empty());
    }

    private SpreadRun spread(Subject subject, String what) throws IOException, InterruptedException {
        Map<String, Double> shares = subject.shares();
        warmUp(subject.address());
        progress.begin(what, settings.requests());
        loads++;
        LoadResult load = LoadGenerator.run(
                LoadPlan.asAnswered(
                        subject.address(),
                        AnalysisSettings.PATH,
                        settings.requests(),
                        settings.connections(),
                        settings.seed() + loads),
                progress);
        progress.end();
        return new SpreadRun(Distribution.of(shares, load.servers()), load);
    }

    /**
     * Code that is not compiled yet, and connections that are not made, would be measured as slowness of few servers. The
     * balancer's own code is compiled in this process, once. Slow servers bound it by time.
     */
    private void warmUp(InetSocketAddress address) {
        long most = warm ? WARM_UP : FIRST_WARM_UP;
        LoadPlan plan = LoadPlan.asAnswered(
                        address,
                        AnalysisSettings.PATH,
                        Math.min(most, WARM_UP_FACTOR * settings.requests()),
                        settings.connections(),
                        -settings.seed() - loads)
                .within(warm ? WARM_UP_TIME : FIRST_WARM_UP_TIME);
        warm = true;
        var unused = LoadGenerator.run(plan, LoadObserver.NONE);
    }

    private Endurance endurance() throws IOException, InterruptedException {
        RecoveryWatch watch = new RecoveryWatch(System::nanoTime);
        try (Subject subject = open(Candidate.USUAL, FIRST, List.of(watch))) {
            boolean demo = settings.url().isPresent() || !settings.pool().contains(":");
            boolean reserved = !(subject instanceof AttachedBalancer attached)
                    || attached.found().reserved();
            List<EndpointCheck> checks = reserved
                    ? EndpointCheck.all(
                            new SeedClient(subject.address(), settings.token()),
                            subject.whyFixed().isEmpty(),
                            demo)
                    : List.of();
            Optional<Kill> kill = settings.kill();
            if (!(subject instanceof OwnBalancer own)) {
                return new Endurance(
                        checks,
                        Optional.empty(),
                        Optional.of("no server was killed: what a balancer elsewhere notices, and when, cannot be seen"
                                + " from here. Without --url, the analysis starts balancers of its own"));
            }
            if (kill.isEmpty()) {
                return new Endurance(
                        checks,
                        Optional.empty(),
                        Optional.of("no server was killed: how that is done for pool '"
                                + Secrets.masked(settings.pool()) + "' is not known; --kill-command can tell it"));
            }
            warmUp(subject.address());
            return new Endurance(
                    checks, Optional.of(KillRun.of(own, watch, kill.get(), settings, progress)), Optional.empty());
        }
    }

    private static AttachedBalancer attached(AnalysisSettings settings) throws IOException {
        return new AttachedBalancer(settings.url().orElseThrow(), settings.mayChange(), settings.token());
    }

    private Subject open(Candidate candidate, int servers, List<LoadBalancerListener> listeners)
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
        if (ServeSettings.decidesServers(settings.pool())) {
            arguments.addAll(List.of("--servers", String.valueOf(servers)));
        }
        arguments.addAll(settings.serveOptions());
        return OwnBalancer.start(candidate.arguments(arguments), listeners);
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
