package io.github.lbkit.examples.analysis.report;

import io.github.lbkit.examples.analysis.result.AnalysisResults;
import io.github.lbkit.examples.analysis.result.Distribution;
import io.github.lbkit.examples.analysis.result.DistributionRun;
import io.github.lbkit.examples.analysis.result.PolicyStudy;
import io.github.lbkit.examples.analysis.result.Recovery;
import io.github.lbkit.examples.chart.BarChart;
import io.github.lbkit.examples.chart.Colour;
import io.github.lbkit.examples.chart.Drawing;
import io.github.lbkit.examples.chart.Figures;
import io.github.lbkit.examples.chart.Heading;
import io.github.lbkit.examples.chart.LineChart;
import io.github.lbkit.examples.chart.PercentileChart;
import io.github.lbkit.examples.chart.Series;
import io.github.lbkit.examples.chart.TimelineChart;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The charts of an analysis, by the names of their files. Stateless. */
final class AnalysisCharts {
    private static final List<Colour> COLOURS = List.of(Colour.VERMILLION, Colour.ORANGE, Colour.BLUE);

    private AnalysisCharts() {}

    /** Draws all charts, in the order of the report. */
    static Map<String, Drawing> of(AnalysisResults results) {
        Map<String, Drawing> all = new LinkedHashMap<>();
        PolicyStudy main = results.main();
        all.put("a1-requests-by-server", spread("A-1", main));
        all.put("a1-latency", latency(results));
        if (!main.growth().isEmpty()) {
            all.put("a2-load-by-servers", growth("A-2", main));
            all.put("a2-throughput", throughput(main));
        }
        results.resilience().recovery().ifPresent(r -> all.put("a3-recovery", recovery(r)));
        if (!results.others().isEmpty()) {
            if (sameServers(results.studies())) {
                all.put("a4-side-by-side", sideBySide(results.studies()));
            }
            all.put("a4-imbalance", imbalance(results.studies()));
            for (PolicyStudy other : results.others()) {
                String name = other.label()
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9]+", "-")
                        .replaceAll("^-|-$", "");
                all.put("a4-requests-by-server-" + name, spread("A-4", other));
                if (!other.growth().isEmpty()) {
                    all.put("a4-load-by-servers-" + name, growth("A-4", other));
                }
            }
        }
        return all;
    }

    private static Drawing spread(String task, PolicyStudy study) {
        Distribution d = study.first().distribution();
        String agreement = Findings.agrees(d)
                ? " Measured and expected agree (chi-square, p = "
                        + Findings.pValue(d.fit().p()) + ")."
                : " Measured and expected differ (chi-square, p = "
                        + Findings.pValue(d.fit().p()) + ").";
        return new BarChart(
                        new Heading(task + "  Requests by server: " + study.label(), Findings.verdict(d) + agreement),
                        "requests of " + Figures.plain((double) d.total()),
                        d.servers(),
                        List.of(
                                new Series("expected", Colour.GREY, true, d.expected()),
                                new Series(
                                        "measured",
                                        Colour.BLUE,
                                        false,
                                        d.counts().stream()
                                                .map(Long::doubleValue)
                                                .toList())))
                .draw();
    }

    private static Drawing latency(AnalysisResults results) {
        List<PercentileChart.Series> series = new ArrayList<>();
        DistributionRun first = results.main().first();
        series.add(new PercentileChart.Series(
                "closed loop, " + Figures.plain(Math.rint(first.load().perSecond())) + "/s",
                Colour.BLUE,
                PercentileChart.PERCENTILES.stream().map(first.load()::millisAt).toList()));
        results.resilience()
                .recovery()
                .ifPresent(r -> series.add(new PercentileChart.Series(
                        Figures.plain(r.perSecond()) + "/s with a server killed, from the due time",
                        Colour.ORANGE,
                        PercentileChart.PERCENTILES.stream()
                                .map(r.load()::millisAt)
                                .toList())));
        return new PercentileChart(
                        new Heading(
                                "A-1  Latencies",
                                "With " + results.settings().connections() + " concurrent requests, the median"
                                        + " latency was"
                                        + " "
                                        + Figures.plain(first.load().millisAt(50)) + " ms and the 99th percentile "
                                        + Figures.plain(first.load().millisAt(99)) + " ms."),
                        "milliseconds",
                        series)
                .draw();
    }

    private static List<Double> each(PolicyStudy study, ToDoubleFunction<DistributionRun> what) {
        return study.growth().stream().map(what::applyAsDouble).toList();
    }

    private static Drawing growth(String task, PolicyStudy study) {
        double worst = Findings.worstOf(study);
        List<Double> min = each(study, r -> r.distribution().min());
        List<Double> max = each(study, r -> r.distribution().max());
        return new LineChart(
                        new Heading(
                                task + "  Load of a server: " + study.label(),
                                (Findings.even(study) ? "Even: " : "Uneven: ") + "the busiest server gets at most "
                                        + Figures.plain(worst) + " times the mean. The shaded range is from the"
                                        + " idlest to"
                                        + " the busiest server; a narrow range is better."),
                        "servers",
                        "requests per server",
                        each(study, DistributionRun::servers),
                        List.of(
                                new Series("busiest", Colour.VERMILLION, false, max),
                                new Series(
                                        "mean",
                                        Colour.BLUE,
                                        false,
                                        each(study, r -> r.distribution().mean())),
                                new Series("idlest", Colour.GREEN, false, min),
                                new Series(
                                        "standard deviation",
                                        Colour.PURPLE,
                                        true,
                                        each(study, r -> r.distribution().deviation()))),
                        Optional.of(new LineChart.Band(min, max, Colour.SKY)))
                .draw();
    }

    private static Drawing throughput(PolicyStudy study) {
        List<Double> rates = each(study, r -> r.load().perSecond());
        return new LineChart(
                        new Heading(
                                "A-2  Answered requests per second: " + study.label(),
                                "From " + Figures.plain(Math.rint(rates.get(0))) + " with "
                                        + study.growth().get(0).servers() + " servers to "
                                        + Figures.plain(Math.rint(rates.get(rates.size() - 1))) + " with "
                                        + study.growth().get(rates.size() - 1).servers() + "."),
                        "servers",
                        "requests per second",
                        each(study, DistributionRun::servers),
                        List.of(new Series("measured", Colour.BLUE, false, rates)),
                        Optional.empty())
                .draw();
    }

    private static Drawing recovery(Recovery r) {
        List<TimelineChart.Moment> moments = new ArrayList<>();
        moments.add(new TimelineChart.Moment(r.killedAt(), r.killed() + " killed", Colour.VERMILLION));
        moment(moments, r, r.detectedAt(), "loss detected", Colour.BLACK);
        moment(moments, r, r.replacedAt(), "replacement ready", Colour.BLUE);
        moment(moments, r, r.servedAt(), "first request answered", Colour.GREEN);
        double end = r.servedAt().orElse(r.load().elapsed().toNanos() / 1e9);
        TimelineChart.Window window =
                new TimelineChart.Window(Math.max(0, r.killedAt() - 1), Math.max(end, r.killedAt()) + 1);
        List<TimelineChart.Lane> lanes = r.answered().entrySet().stream()
                .map(e -> new TimelineChart.Lane(
                        e.getKey(),
                        Colour.BLUE,
                        e.getValue(),
                        e.getKey().equals(r.killed())
                                ? List.of(new TimelineChart.Window(r.killedAt(), end))
                                : List.of()))
                .collect(Collectors.toCollection(ArrayList::new));
        if (r.failures() > 0) {
            lanes.add(new TimelineChart.Lane("failed", Colour.VERMILLION, r.failed(), List.of()));
        }
        String message = (r.failures() == 0
                        ? "No request of " + Figures.plain((double) r.load().planned()) + " failed. "
                        : Figures.plain((double) r.failures()) + " requests failed. ")
                + "Its keys went to other servers for "
                + Findings.after(r.millisTo(r.servedAt())) + ".";
        return new TimelineChart(
                        new Heading("A-3  " + r.killed() + " is killed under load, and replaced", message),
                        window,
                        r.bucket(),
                        lanes,
                        moments)
                .draw();
    }

    private static void moment(
            List<TimelineChart.Moment> moments, Recovery r, OptionalDouble at, String what, Colour colour) {
        at.ifPresent(seconds -> moments.add(new TimelineChart.Moment(
                seconds, what + ", " + Figures.plain(1000 * (seconds - r.killedAt())) + " ms after", colour)));
    }

    private static boolean sameServers(List<PolicyStudy> studies) {
        return studies.stream()
                        .map(s -> s.first().distribution().servers())
                        .distinct()
                        .count()
                == 1;
    }

    private static Drawing sideBySide(List<PolicyStudy> studies) {
        List<Series> series = new ArrayList<>();
        for (int i = 0; i < studies.size(); i++) {
            series.add(new Series(
                    studies.get(i).label(),
                    COLOURS.get(i % COLOURS.size()),
                    false,
                    studies.get(i).first().distribution().counts().stream()
                            .map(Long::doubleValue)
                            .toList()));
        }
        Distribution any = studies.get(0).first().distribution();
        return new BarChart(
                        new Heading(
                                "A-4  Requests by server, under each policy",
                                "Even would be " + Figures.plain(Math.rint(any.mean()))
                                        + " each. The busiest server got, as a multiple of that: "
                                        + studies.stream()
                                                .map(s -> Figures.plain(s.first()
                                                                .distribution()
                                                                .imbalance())
                                                        + " under " + s.label())
                                                .collect(Collectors.joining("; "))
                                        + "."),
                        "requests of " + Figures.plain((double) any.total()),
                        any.servers(),
                        series)
                .draw();
    }

    private static Drawing imbalance(List<PolicyStudy> studies) {
        List<Series> series = new ArrayList<>();
        for (int i = 0; i < studies.size(); i++) {
            PolicyStudy study = studies.get(i);
            if (!study.growth().isEmpty()) {
                series.add(new Series(
                        study.label(),
                        COLOURS.get(i % COLOURS.size()),
                        false,
                        each(study, r -> r.distribution().imbalance())));
            }
        }
        List<Double> sizes = studies.stream()
                .filter(s -> !s.growth().isEmpty())
                .findFirst()
                .map(s -> each(s, DistributionRun::servers))
                .orElse(List.of());
        series.add(new Series(
                "perfectly even",
                Colour.GREY,
                true,
                sizes.stream().map(s -> 1.0).toList()));
        return new LineChart(
                        new Heading(
                                "A-4  The busiest server, under each policy",
                                studies.stream()
                                                .map(s -> Findings.capital(s.label()) + ": up to "
                                                        + Figures.plain(Findings.worstOf(s)) + " times the mean")
                                                .collect(Collectors.joining(". "))
                                        + "."),
                        "servers",
                        "times the mean",
                        sizes,
                        series,
                        Optional.empty())
                .draw();
    }
}
