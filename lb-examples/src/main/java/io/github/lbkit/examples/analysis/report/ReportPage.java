package io.github.lbkit.examples.analysis.report;

import io.github.lbkit.examples.analysis.result.AnalysisResults;
import io.github.lbkit.examples.analysis.result.AnalysisSettings;
import io.github.lbkit.examples.analysis.result.Distribution;
import io.github.lbkit.examples.analysis.result.DistributionRun;
import io.github.lbkit.examples.analysis.result.EndpointCheck;
import io.github.lbkit.examples.analysis.result.PolicyStudy;
import io.github.lbkit.examples.chart.Drawing;
import io.github.lbkit.examples.chart.Figures;
import io.github.lbkit.examples.secret.Secrets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The report as one HTML page with embedded SVG charts; it has no scripts and loads no other files. Confined to one
 * use.
 */
final class ReportPage {
    private static final String STYLE = """
            body{font:16px/1.55 system-ui,'DejaVu Sans',Verdana,sans-serif;color:#222;background:#fff;
            max-width:980px;margin:2rem auto;padding:0 1rem}
            h1{font-size:1.9rem;margin:0 0 .3rem}h2{font-size:1.35rem;margin:3rem 0 .3rem;border-top:2px solid #ddd;
            padding-top:1.2rem}h3{font-size:1.05rem;margin:1.6rem 0 .2rem}
            .ask{color:#555;margin:.2rem 0 1rem}figure{margin:1.2rem 0}
            svg{width:100%;height:auto;border:1px solid #e6e6e6}
            table{border-collapse:collapse;width:100%;margin:1rem 0;font-size:.92rem}
            th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #e2e2e2;vertical-align:top}
            td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
            .passed,.failed,.skipped{font-weight:bold;white-space:nowrap}
            .passed{color:#00684c}.failed{color:#a84300}.skipped{color:#595959}
            code{font-size:.88em;overflow-wrap:anywhere}
            """;

    private static final DateTimeFormatter WHEN =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final AnalysisResults results;
    private final Map<String, Drawing> charts;
    private final StringBuilder page = new StringBuilder(200_000);

    ReportPage(AnalysisResults results, Map<String, Drawing> charts) {
        this.results = results;
        this.charts = charts;
    }

    String html() {
        page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width\">\n<title>Load balancer"
                        + " analysis</title>\n")
                .append("<style>\n")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n");
        element("h1", "Load balancer analysis");
        element("p", introduction());
        summary();
        spread();
        growth();
        resilience();
        comparison();
        method();
        return page.append("</body>\n</html>\n").toString();
    }

    private String introduction() {
        AnalysisSettings settings = results.settings();
        return settings.url()
                        .map(url -> "The balancer at " + url)
                        .orElse("Real servers of pool '" + Secrets.masked(settings.pool()) + "'")
                + ", " + Figures.plain((double) settings.requests()) + " requests in each load, "
                + settings.connections() + " of them concurrently; measured in "
                + Figures.plain(Math.rint(results.seconds())) + " seconds, finished "
                + WHEN.format(results.finished()) + ".";
    }

    private void summary() {
        page.append("<table>\n<tr><th>Task</th><th>Outcome</th><th>Result</th></tr>\n");
        for (TaskVerdict verdict : TaskVerdict.of(results)) {
            String outcome = verdict.outcome().name().toLowerCase(Locale.ROOT);
            page.append("<tr><td>").append(escaped(verdict.task())).append("</td><td class=\"");
            page.append(outcome).append("\">").append(outcome).append("</td><td>");
            page.append(escaped(verdict.text())).append("</td></tr>\n");
        }
        page.append("</table>\n");
    }

    private void spread() {
        PolicyStudy main = results.main();
        section(
                "A-1",
                "How are requests spread over " + main.first().servers() + " servers?",
                "Each request has a random key, by which the policy chooses a server. The hollow bar is the share in"
                        + " the"
                        + " table of the policy, the filled bar the number of requests that the server answered.");
        figure("a1-requests-by-server");
        paragraphs(Findings.spread(main.first(), main.warnings()));
        counts(main.first().distribution());
        figure("a1-latency");
    }

    private void counts(Distribution d) {
        page.append("<table>\n<tr><th>Server</th><th class=\"n\">expected share</th><th class=\"n\">expected</th>"
                + "<th class=\"n\">measured</th><th class=\"n\">÷ mean</th></tr>\n");
        for (int i = 0; i < d.servers().size(); i++) {
            page.append("<tr><td>").append(escaped(d.servers().get(i))).append("</td>");
            number(Figures.percent(d.shares().get(i)));
            number(Figures.plain(Math.rint(d.expected().get(i))));
            number(Figures.plain((double) d.counts().get(i)));
            number(d.mean() == 0 ? "" : Figures.plain(d.counts().get(i) / d.mean()));
            page.append("</tr>\n");
        }
        page.append("</table>\n");
    }

    private void growth() {
        PolicyStudy main = results.main();
        section(
                "A-2",
                "What do more servers change?",
                "The same load on two to six servers, one size after the" + " other.");
        if (main.growth().isEmpty()) {
            element("p", "Skipped: " + main.skipped().orElse("for an unknown reason") + ".");
            return;
        }
        figure("a2-load-by-servers");
        paragraphs(Findings.growth(main));
        sizes(List.of(main));
        figure("a2-throughput");
    }

    private void sizes(List<PolicyStudy> studies) {
        page.append("<table>\n<tr><th>Policy</th><th class=\"n\">servers</th><th class=\"n\">mean</th>"
                + "<th class=\"n\">min</th><th class=\"n\">max</th><th class=\"n\">deviation</th>"
                + "<th class=\"n\">max ÷ mean</th><th class=\"n\">chi-square</th><th class=\"n\">p</th>"
                + "<th class=\"n\">requests/s</th></tr>\n");
        for (PolicyStudy study : studies) {
            for (DistributionRun run : study.growth()) {
                Distribution d = run.distribution();
                page.append("<tr><td>").append(escaped(study.label())).append("</td>");
                number(String.valueOf(run.servers()));
                number(Figures.plain(d.mean()));
                number(Figures.plain((double) d.min()));
                number(Figures.plain((double) d.max()));
                number(Figures.plain(d.deviation()));
                number(Figures.plain(d.imbalance()));
                number(Figures.plain(d.fit().statistic()));
                number(Findings.pValue(d.fit().p()));
                number(Figures.plain(Math.rint(run.load().perSecond())));
                page.append("</tr>\n");
            }
        }
        page.append("</table>\n");
    }

    private void resilience() {
        section(
                "A-3",
                "Do the endpoints work, and does the pool recover from the loss of a server?",
                "Every endpoint is called, also with requests that must be refused. Then one of the servers is killed"
                        + " without a warning, during a load at a constant rate.");
        results.resilience()
                .recovery()
                .ifPresentOrElse(
                        recovery -> {
                            figure("a3-recovery");
                            paragraphs(Findings.recovery(recovery));
                        },
                        () -> element(
                                "p",
                                "Skipped: " + results.resilience().skipped().orElse("") + "."));
        element("h3", "Endpoints");
        page.append("<table>\n<tr><th>Request</th><th>Expected</th><th>Actual</th><th></th></tr>\n");
        for (EndpointCheck check : results.resilience().checks()) {
            page.append("<tr><td><code>").append(escaped(check.request())).append("</code></td><td><code>");
            page.append(escaped(check.expected())).append("</code></td><td><code>");
            page.append(escaped(check.actual())).append("</code></td><td class=\"");
            page.append(check.passed() ? "passed\">passed" : "failed\">failed").append("</td></tr>\n");
        }
        page.append("</table>\n");
    }

    private void comparison() {
        section(
                "A-4",
                "What does the hash function change?",
                "A-1 and A-2 again under other policies, with the same servers and the same load.");
        if (results.others().isEmpty()) {
            element("p", "Skipped: the policy of a running balancer cannot be changed.");
            return;
        }
        figure("a4-side-by-side");
        figure("a4-imbalance");
        paragraphs(Findings.comparison(results.studies()));
        for (String name : charts.keySet()) {
            if (name.startsWith("a4-requests") || name.startsWith("a4-load")) {
                figure(name);
            }
        }
        sizes(results.studies());
    }

    private void method() {
        AnalysisSettings settings = results.settings();
        section("How", "How this was measured", "");
        paragraphs(List.of(
                "Clients are real connections over loopback or a network, with one request at a time on each. Every"
                        + " request is counted once. The client retries no request. An answer counts for the server"
                        + " that"
                        + " its body names.",
                "A-1, A-2 and A-4 send the next request after each answer, with "
                        + settings.connections() + " requests at a time. Latencies count from sending. A-3 sends "
                        + Figures.plain(settings.perSecond()) + " requests per second, however slow the answers are."
                        + " Latencies count from the due time, so a stall is visible in every request that it"
                        + " delays. The"
                        + " generator itself may be late by up to one millisecond. Before each load, uncounted requests"
                        + " warm up code and connections.",
                "p is the p-value of Pearson's chi-square test: the probability that counts drawn by exactly the"
                        + " expected shares deviate at least as much.",
                "The seed of the keys is " + settings.seed() + "; --seed " + settings.seed()
                        + " gives the same keys. Java " + Runtime.version() + " on "
                        + Runtime.getRuntime().availableProcessors() + " processors."));
    }

    private void section(String task, String question, String how) {
        element("h2", task + "  " + question);
        if (!how.isEmpty()) {
            page.append("<p class=\"ask\">").append(escaped(how)).append("</p>\n");
        }
    }

    private void figure(String name) {
        Drawing drawing = charts.get(name);
        if (drawing != null) {
            page.append("<figure>").append(drawing.svg()).append("</figure>\n");
        }
    }

    private void paragraphs(List<String> sentences) {
        element("p", String.join(" ", sentences));
    }

    private void number(String text) {
        page.append("<td class=\"n\">").append(escaped(text)).append("</td>");
    }

    private void element(String name, String text) {
        page.append('<')
                .append(name)
                .append('>')
                .append(escaped(text))
                .append("</")
                .append(name)
                .append(">\n");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
