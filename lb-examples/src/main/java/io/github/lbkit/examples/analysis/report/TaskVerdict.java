package io.github.lbkit.examples.analysis.report;

import io.github.lbkit.examples.analysis.result.AnalysisResults;
import io.github.lbkit.examples.analysis.result.Distribution;
import io.github.lbkit.examples.analysis.result.DistributionRun;
import io.github.lbkit.examples.analysis.result.PolicyStudy;
import io.github.lbkit.examples.analysis.result.Recovery;
import io.github.lbkit.examples.analysis.result.ResilienceResult;
import io.github.lbkit.examples.chart.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The outcome of one task, with one sentence about it. Immutable.
 *
 * @param task the name of the task, such as A-1
 * @param outcome the outcome
 * @param text the sentence
 */
public record TaskVerdict(String task, Outcome outcome, String text) {
    /** Counts with a p-value below this are a failure of the balancer or of the analysis. */
    private static final double FAILURE_P = 1e-6;

    /** The outcome of a task. */
    public enum Outcome {
        /** The task passed. */
        PASSED,
        /** The task failed. */
        FAILED,
        /** The task was not run. */
        SKIPPED
    }

    /** Returns the verdicts of all tasks, in order. */
    public static List<TaskVerdict> of(AnalysisResults results) {
        List<TaskVerdict> all = new ArrayList<>();
        all.add(spread(results.main()));
        all.add(growth(results.main()));
        all.add(endpoints(results.resilience()));
        all.add(recovery(results.resilience()));
        all.add(comparison(results));
        return all;
    }

    private static TaskVerdict spread(PolicyStudy study) {
        Distribution d = study.first().distribution();
        return new TaskVerdict(
                "A-1",
                passed(sound(study.first())),
                Figures.plain((double) study.first().load().planned()) + " requests on "
                        + study.first().servers() + " servers: the busiest got " + Figures.plain(d.imbalance())
                        + " times the mean; expected and measured "
                        + (Findings.agrees(d) ? "agree" : "differ") + " (chi-square "
                        + Figures.plain(d.fit().statistic()) + ", p = "
                        + Findings.pValue(d.fit().p()) + ")"
                        + failures(study.first().load().failed())
                        + unnamed(study.first().load().unnamed()));
    }

    private static String unnamed(long unnamed) {
        return unnamed == 0 ? "" : "; " + Figures.plain((double) unnamed) + " answers do not name their server";
    }

    private static TaskVerdict growth(PolicyStudy study) {
        if (study.growth().isEmpty()) {
            return new TaskVerdict("A-2", Outcome.SKIPPED, study.skipped().orElse("skipped"));
        }
        int last = study.growth().size() - 1;
        return new TaskVerdict(
                "A-2",
                passed(study.growth().stream().allMatch(TaskVerdict::sound)),
                study.growth().get(0).servers() + " to "
                        + study.growth().get(last).servers()
                        + " servers: the busiest got at most " + Figures.plain(Findings.worstOf(study))
                        + " times the mean"
                        + failures(study.growth().stream()
                                .mapToLong(r -> r.load().failed())
                                .sum()));
    }

    private static TaskVerdict endpoints(ResilienceResult resilience) {
        if (resilience.checks().isEmpty()) {
            return new TaskVerdict(
                    "A-3", Outcome.SKIPPED, "the endpoints were not checked: the balancer has no reserved paths");
        }
        int wrong = resilience.failedChecks().size();
        return new TaskVerdict(
                "A-3",
                passed(wrong == 0),
                resilience.checks().size() + " requests to the endpoints, "
                        + (wrong == 0
                                ? "each with the expected answer"
                                : wrong + " of them with an unexpected" + " answer"));
    }

    private static TaskVerdict recovery(ResilienceResult resilience) {
        if (resilience.recovery().isEmpty()) {
            return new TaskVerdict("A-3", Outcome.SKIPPED, resilience.skipped().orElse("skipped"));
        }
        Recovery r = resilience.recovery().get();
        return new TaskVerdict(
                "A-3",
                passed(r.failures() == 0 && r.servedAt().isPresent()),
                r.killed() + " killed in the middle of "
                        + Figures.plain((double) r.load().planned()) + " requests: "
                        + Figures.plain((double) r.failures()) + " failed; detected after "
                        + Findings.after(r.millisTo(r.detectedAt())) + ", replaced after "
                        + Findings.after(r.millisTo(r.replacedAt())) + ", serving after "
                        + Findings.after(r.millisTo(r.servedAt())));
    }

    private static TaskVerdict comparison(AnalysisResults results) {
        if (results.others().isEmpty()) {
            return new TaskVerdict("A-4", Outcome.SKIPPED, "the policy of a running balancer cannot be changed");
        }
        return new TaskVerdict(
                "A-4",
                passed(results.others().stream()
                        .allMatch(s -> sound(s.first()) && s.growth().stream().allMatch(TaskVerdict::sound))),
                "the busiest of " + results.main().first().servers() + " servers got "
                        + results.studies().stream()
                                .map(s -> Figures.plain(s.first().distribution().imbalance()) + " times the mean under "
                                        + s.label())
                                .collect(Collectors.joining("; ")));
    }

    private static boolean sound(DistributionRun run) {
        return run.load().failed() == 0
                && run.load().unnamed() == 0
                && run.distribution().fit().p() >= FAILURE_P;
    }

    private static String failures(long failed) {
        return failed == 0 ? "; none failed" : "; " + Figures.plain((double) failed) + " failed";
    }

    private static Outcome passed(boolean passed) {
        return passed ? Outcome.PASSED : Outcome.FAILED;
    }
}
