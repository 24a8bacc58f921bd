package io.github.lbkit.examples.analysis;

import io.github.lbkit.examples.chart.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How one task came out, in a sentence. Immutable.
 *
 * @param task such as A-1
 * @param outcome whether it came out as it should
 * @param text what came out
 */
record Verdict(String task, Outcome outcome, String text) {
    /** Counts that would come by chance less often than this are a failure of the balancer or of the analysis. */
    private static final double IMPOSSIBLE = 1e-6;

    /** Whether it came out as it should. */
    enum Outcome {
        PASSED,
        FAILED,
        SKIPPED
    }

    /** One for each task, in order. */
    static List<Verdict> of(AnalysisResults results) {
        List<Verdict> all = new ArrayList<>();
        all.add(spread(results.usual()));
        all.add(growth(results.usual()));
        all.add(endpoints(results.endurance()));
        all.add(recovery(results.endurance()));
        all.add(comparison(results));
        return all;
    }

    private static Verdict spread(PolicyStudy study) {
        Distribution d = study.first().distribution();
        return new Verdict(
                "A-1",
                passed(sound(study.first())),
                Figures.plain((double) study.first().load().planned()) + " requests on "
                        + study.first().servers() + " servers: the busiest got " + Figures.plain(d.imbalance())
                        + " times the mean; expected and measured "
                        + (Findings.agrees(d) ? "agree" : "differ") + " (chi-square "
                        + Figures.plain(d.fit().statistic()) + ", p = "
                        + Findings.chance(d.fit().chance()) + ")"
                        + failures(study.first().load().failed())
                        + unnamed(study.first().load().unnamed()));
    }

    private static String unnamed(long unnamed) {
        return unnamed == 0
                ? ""
                : "; " + Figures.plain((double) unnamed) + " answers do not say which server gave them";
    }

    private static Verdict growth(PolicyStudy study) {
        if (study.growth().isEmpty()) {
            return new Verdict("A-2", Outcome.SKIPPED, study.skipped().orElse("skipped"));
        }
        int last = study.growth().size() - 1;
        return new Verdict(
                "A-2",
                passed(study.growth().stream().allMatch(Verdict::sound)),
                study.growth().get(0).servers() + " to "
                        + study.growth().get(last).servers()
                        + " servers: the busiest got at most " + Figures.plain(Findings.worstOf(study))
                        + " times the mean"
                        + failures(study.growth().stream()
                                .mapToLong(r -> r.load().failed())
                                .sum()));
    }

    private static Verdict endpoints(Endurance endurance) {
        if (endurance.checks().isEmpty()) {
            return new Verdict(
                    "A-3", Outcome.SKIPPED, "the endpoints were not checked: the balancer has no reserved paths");
        }
        int wrong = endurance.wrong().size();
        return new Verdict(
                "A-3",
                passed(wrong == 0),
                endurance.checks().size() + " requests to the endpoints, "
                        + (wrong == 0 ? "each answered as it should be" : wrong + " of them answered otherwise"));
    }

    private static Verdict recovery(Endurance endurance) {
        if (endurance.recovery().isEmpty()) {
            return new Verdict("A-3", Outcome.SKIPPED, endurance.skipped().orElse("skipped"));
        }
        Recovery r = endurance.recovery().get();
        return new Verdict(
                "A-3",
                passed(r.failures() == 0 && r.servedAt().isPresent()),
                r.killed() + " killed in the middle of "
                        + Figures.plain((double) r.load().planned()) + " requests: "
                        + Figures.plain((double) r.failures()) + " failed; noticed after "
                        + Findings.after(r.millisTo(r.detectedAt())) + ", replaced after "
                        + Findings.after(r.millisTo(r.replacedAt())) + ", serving after "
                        + Findings.after(r.millisTo(r.servedAt())));
    }

    private static Verdict comparison(AnalysisResults results) {
        if (results.others().isEmpty()) {
            return new Verdict(
                    "A-4", Outcome.SKIPPED, "the policy of a balancer that runs already cannot be changed from here");
        }
        return new Verdict(
                "A-4",
                passed(results.others().stream()
                        .allMatch(s -> sound(s.first()) && s.growth().stream().allMatch(Verdict::sound))),
                "the busiest of " + results.usual().first().servers() + " servers got "
                        + results.studies().stream()
                                .map(s -> Figures.plain(s.first().distribution().imbalance()) + " times the mean under "
                                        + s.label())
                                .collect(Collectors.joining("; ")));
    }

    private static boolean sound(SpreadRun run) {
        return run.load().failed() == 0
                && run.load().unnamed() == 0
                && run.distribution().fit().chance() >= IMPOSSIBLE;
    }

    private static String failures(long failed) {
        return failed == 0 ? "; none failed" : "; " + Figures.plain((double) failed) + " failed";
    }

    private static Outcome passed(boolean passed) {
        return passed ? Outcome.PASSED : Outcome.FAILED;
    }
}
