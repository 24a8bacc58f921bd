package io.github.lbkit.examples.analysis.report;

import io.github.lbkit.examples.analysis.result.ChiSquare;
import io.github.lbkit.examples.analysis.result.Distribution;
import io.github.lbkit.examples.analysis.result.DistributionRun;
import io.github.lbkit.examples.analysis.result.PolicyStudy;
import io.github.lbkit.examples.analysis.result.Recovery;
import io.github.lbkit.examples.chart.Figures;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The findings in words. Every sentence is computed from the measurements. Stateless. */
final class Findings {
    /** An expected imbalance above this is reported as a skew of the table. */
    private static final double SKEW = 1.1;

    /** Counts with a p-value below this do not agree with the expected shares. */
    static final double SIGNIFICANCE = 0.001;

    /** Throughput has grown if it rises by more than this share. */
    private static final double NO_CHANGE = 0.15;

    /** The random variation of the throughput of a short load, as a share. */
    private static final double NOISE = 0.05;

    private Findings() {}

    /** Returns a short sentence that says whether the distribution is even. */
    static String verdict(Distribution d) {
        return (d.even() ? "Even" : "Uneven") + ": " + d.busiest() + ", the busiest, got "
                + Figures.plain(d.imbalance()) + " times the mean.";
    }

    /** Returns whether the counts agree with the expected shares. */
    static boolean agrees(Distribution d) {
        return d.fit().p() >= SIGNIFICANCE;
    }

    /** Describes the distribution of a load, compares it with the expected shares, and explains it. */
    static List<String> spread(DistributionRun run, List<String> warnings) {
        Distribution d = run.distribution();
        List<String> sentences = new ArrayList<>();
        sentences.add(String.format(
                Locale.ROOT,
                "%s got the most, %s of %s requests, %s times the mean of %s; %s got the least, %s.",
                d.busiest(),
                Figures.plain((double) d.max()),
                Figures.plain((double) d.total()),
                Figures.plain(d.imbalance()),
                Figures.plain(d.mean()),
                d.idlest(),
                Figures.plain((double) d.min())));
        sentences.add(fit(d));
        if (d.expectedImbalance() > SKEW) {
            sentences.add(String.format(
                    Locale.ROOT,
                    "The skew is no accident of this run: the table of the policy gives %s %s of all keys, %s times"
                            + " an equal share.",
                    d.servers().get(busiestByShare(d)),
                    Figures.percent(d.shares().get(busiestByShare(d))),
                    Figures.plain(d.expectedImbalance())));
            sentences.addAll(causes(warnings));
        } else {
            sentences.add(String.format(
                    Locale.ROOT,
                    "The table of the policy gives every server between %s and %s of all keys. The rest is the"
                            + " random variation of single requests: a standard deviation of %s, where equal shares"
                            + " give about"
                            + " %s.",
                    Figures.percent(
                            d.shares().stream().mapToDouble(s -> s).min().orElse(0)),
                    Figures.percent(
                            d.shares().stream().mapToDouble(s -> s).max().orElse(0)),
                    Figures.plain(d.deviation()),
                    Figures.plain(Math.sqrt(d.mean() * (1 - 1.0 / d.servers().size())))));
        }
        sentences.add(latency(run));
        return sentences;
    }

    private static int busiestByShare(Distribution d) {
        int busiest = 0;
        for (int i = 1; i < d.shares().size(); i++) {
            busiest = d.shares().get(i) > d.shares().get(busiest) ? i : busiest;
        }
        return busiest;
    }

    /** Describes the chi-square test and its meaning. */
    static String fit(Distribution d) {
        ChiSquare.Fit fit = d.fit();
        String test = String.format(
                Locale.ROOT,
                "Against the expected shares chi-square is %s with %d degrees of freedom, p = %s: ",
                Figures.plain(fit.statistic()),
                fit.degrees(),
                pValue(fit.p()));
        return test
                + (fit.p() >= SIGNIFICANCE
                        ? "of 100 runs with exactly these shares, about " + Math.round(100 * fit.p())
                                + " would deviate at least as much, so expected and measured agree."
                        : "such a deviation is very unlikely by chance, so the measured counts do not follow the"
                                + " expected shares.");
    }

    /** Formats a p-value. */
    static String pValue(double p) {
        return p < 0.0001 ? String.format(Locale.ROOT, "%.1e", p) : String.format(Locale.ROOT, "%.4f", p);
    }

    private static String latency(DistributionRun run) {
        return String.format(
                Locale.ROOT,
                "%s requests per second. The median latency was %s ms, the 99th percentile %s ms, and the maximum"
                        + " %s ms. %s",
                Figures.plain(Math.rint(run.load().perSecond())),
                Figures.plain(run.load().millisAt(50)),
                Figures.plain(run.load().millisAt(99)),
                Figures.plain(run.load().millisAt(100)),
                run.load().failed() == 0
                        ? "No request failed."
                        : Figures.plain((double) run.load().failed()) + " requests failed.");
    }

    /** Describes the effect of more servers. */
    static List<String> growth(PolicyStudy study) {
        DistributionRun least = study.growth().get(0);
        DistributionRun most = study.growth().get(study.growth().size() - 1);
        List<String> sentences = new ArrayList<>();
        sentences.add(String.format(
                Locale.ROOT,
                "From %d to %d servers the mean falls from %s to %s requests, as it must. The busiest server goes from"
                        + " %s to %s.",
                least.servers(),
                most.servers(),
                Figures.plain(least.distribution().mean()),
                Figures.plain(most.distribution().mean()),
                Figures.plain((double) least.distribution().max()),
                Figures.plain((double) most.distribution().max())));
        double worst = study.growth().stream()
                .mapToDouble(r -> r.distribution().imbalance())
                .max()
                .orElse(1);
        double relief =
                1 - (double) most.distribution().max() / least.distribution().max();
        double fair = 1 - most.distribution().mean() / least.distribution().mean();
        sentences.add(
                even(study)
                        ? "The busiest server never gets more than " + Figures.plain(worst)
                                + " times the mean, so each server that joins takes its share of the load."
                        : String.format(
                                Locale.ROOT,
                                "The busiest server gets up to %s times the mean: the %d servers that joined took %s of"
                                        + " its load off it, where an even spread takes %s.",
                                Figures.plain(worst),
                                most.servers() - least.servers(),
                                Figures.percent(relief),
                                Figures.percent(fair)));
        sentences.add(throughput(study));
        long disagree =
                study.growth().stream().filter(r -> !agrees(r.distribution())).count();
        sentences.add(
                disagree == 0
                        ? "At every size the counts agree with the expected shares (chi-square, the least p is "
                                + pValue(study.growth().stream()
                                        .mapToDouble(r -> r.distribution().fit().p())
                                        .min()
                                        .orElse(1))
                                + ")."
                        : "At " + disagree + " of " + study.growth().size()
                                + " sizes the counts do not agree with the expected shares.");
        return sentences;
    }

    private static String throughput(PolicyStudy study) {
        List<Double> rates =
                study.growth().stream().map(r -> r.load().perSecond()).toList();
        double first = rates.get(0);
        double last = rates.get(rates.size() - 1);
        boolean rises = last > first * (1 + NO_CHANGE);
        for (int i = 1; i < rates.size(); i++) {
            rises &= rates.get(i) > rates.get(i - 1) * (1 - NOISE);
        }
        String range = String.format(
                Locale.ROOT,
                "Throughput is between %s and %s requests per second, %s at first and %s at the end: ",
                Figures.plain(Math.rint(Collections.min(rates))),
                Figures.plain(Math.rint(Collections.max(rates))),
                Figures.plain(Math.rint(first)),
                Figures.plain(Math.rint(last)));
        if (rises) {
            return range + "more servers carry more load here.";
        }
        return range + "it does not grow with the number of servers. Every server answers at once, so the limit is the"
                + " " + Runtime.getRuntime().availableProcessors() + " processors that generator, balancer and servers"
                + " share if they run on one machine. If answers take longer, the busiest server is the limit, and an"
                + " even distribution increases the throughput.";
    }

    /** Describes the requests during the loss of a server, and the time of each step of the recovery. */
    static List<String> recovery(Recovery r) {
        List<String> sentences = new ArrayList<>();
        sentences.add(String.format(
                Locale.ROOT,
                "%s was killed (%s) after %s s, with %s requests due per second. %s",
                r.killed(),
                r.how(),
                Figures.plain(r.killedAt()),
                Figures.plain(r.perSecond()),
                r.failures() == 0
                        ? "None of " + Figures.plain((double) r.load().planned() + r.further()) + " requests failed."
                        : Figures.plain((double) r.failures()) + " of "
                                + Figures.plain((double) r.load().planned() + r.further()) + " requests failed."));
        sentences.add("From the kill it took " + after(r.millisTo(r.detectedAt()))
                + " until the balancer knew and sent no more requests to it, " + after(r.millisTo(r.replacedAt()))
                + " until a replacement under the same id was ready, and " + after(r.millisTo(r.servedAt()))
                + " until that had answered its first request.");
        if (r.detectedAt().isPresent()
                && r.replacedAt().isPresent()
                && r.servedAt().isPresent()) {
            double detection = r.detectedAt().getAsDouble() - r.killedAt();
            double start = r.replacedAt().getAsDouble() - r.detectedAt().getAsDouble();
            double first = r.servedAt().getAsDouble() - r.replacedAt().getAsDouble();
            String longest = start >= detection && start >= first
                    ? "starting the new server"
                    : detection >= first ? "detecting the loss" : "waiting for its first request";
            sentences.add("Most of that was " + longest + ". The keys of " + r.killed()
                    + " went to their next candidates in the meantime and have returned to it; no other key moved.");
        }
        sentences.add(String.format(
                Locale.ROOT,
                "Counted from the due time of each request, the median latency was %s ms, the 99th percentile %s ms,"
                        + " and the maximum %s ms.",
                Figures.plain(r.load().millisAt(50)),
                Figures.plain(r.load().millisAt(99)),
                Figures.plain(r.load().millisAt(100))));
        return sentences;
    }

    /** Formats a time in milliseconds, which is empty if the run was too short. */
    static String after(OptionalDouble millis) {
        return millis.isPresent() ? Figures.plain(millis.getAsDouble()) + " ms" : "longer than this run";
    }

    /** Compares the policies. */
    static List<String> comparison(List<PolicyStudy> studies) {
        List<String> sentences = new ArrayList<>();
        PolicyStudy worst = studies.get(0);
        PolicyStudy best = studies.get(0);
        for (PolicyStudy study : studies) {
            Distribution d = study.first().distribution();
            worst = d.imbalance() > worst.first().distribution().imbalance() ? study : worst;
            best = d.imbalance() < best.first().distribution().imbalance() ? study : best;
            sentences.add(
                    capital(study.label()) + ": the busiest of " + study.first().servers() + " servers gets "
                            + Figures.plain(d.imbalance()) + " times the mean"
                            + (study.growth().isEmpty()
                                    ? ""
                                    : ", and up to " + Figures.plain(worstOf(study)) + " times at "
                                            + study.growth().get(0).servers() + " to "
                                            + study.growth()
                                                    .get(study.growth().size() - 1)
                                                    .servers() + " servers")
                            + ".");
        }
        if (!worst.equals(best)) {
            sentences.add(String.format(
                    Locale.ROOT,
                    "With the same servers and the same load, %s instead of %s changes the busiest server from %s to"
                            + " %s times the"
                            + " mean.",
                    best.label(),
                    worst.label(),
                    Figures.plain(worst.first().distribution().imbalance()),
                    Figures.plain(best.first().distribution().imbalance())));
            sentences.addAll(causes(worst.warnings()));
        }
        return sentences;
    }

    /** Returns whether the distribution is even at every number of servers. */
    static boolean even(PolicyStudy study) {
        return study.growth().stream().allMatch(r -> r.distribution().even());
    }

    /** Returns the largest imbalance at any number of servers. */
    static double worstOf(PolicyStudy study) {
        return study.growth().stream()
                .mapToDouble(r -> r.distribution().imbalance())
                .max()
                .orElse(1);
    }

    /** Returns the warnings of lint, without those about shares, which the findings contain already. */
    private static List<String> causes(List<String> warnings) {
        return warnings.stream()
                .filter(w -> !w.startsWith("server "))
                .map(w -> capital(w) + ".")
                .toList();
    }

    /** Returns the text with an upper-case first letter. */
    static String capital(String text) {
        return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
