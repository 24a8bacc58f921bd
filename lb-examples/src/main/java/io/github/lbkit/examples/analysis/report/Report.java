package io.github.lbkit.examples.analysis.report;

import io.github.lbkit.examples.analysis.result.AnalysisResults;
import io.github.lbkit.examples.chart.Drawing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The files of an analysis: {@code report.html}, {@code results.json}, and each chart as SVG and as PNG. Stateless.
 */
public final class Report {
    private static final double PNG_SCALE = 1.5;

    private Report() {}

    /** Writes all files into a directory, and overwrites existing ones; returns the path of the page. */
    public static Path write(AnalysisResults results, Path directory) throws IOException {
        Files.createDirectories(directory);
        Map<String, Drawing> charts = AnalysisCharts.of(results);
        for (Map.Entry<String, Drawing> chart : charts.entrySet()) {
            Drawing drawing = chart.getValue();
            Files.writeString(directory.resolve(chart.getKey() + ".svg"), drawing.svg(), StandardCharsets.UTF_8);
            Files.write(directory.resolve(chart.getKey() + ".png"), drawing.png(PNG_SCALE));
        }
        Files.write(directory.resolve("results.json"), ResultsJson.of(results));
        Path page = directory.resolve("report.html");
        Files.writeString(page, new ReportPage(results, charts).html(), StandardCharsets.UTF_8);
        return page;
    }
}
