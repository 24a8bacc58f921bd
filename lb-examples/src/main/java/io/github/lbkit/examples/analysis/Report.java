package io.github.lbkit.examples.analysis;

import io.github.lbkit.examples.chart.Drawing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Writes an analysis into a directory: {@code report.html}, {@code results.json}, and each chart as SVG and as PNG. */
final class Report {
    private static final double PNG_SCALE = 1.5;

    private Report() {}

    /** Writes everything, over what was there; returns the page. */
    static Path write(AnalysisResults results, Path directory) throws IOException {
        Files.createDirectories(directory);
        Map<String, Drawing> pictures = Pictures.of(results);
        for (Map.Entry<String, Drawing> picture : pictures.entrySet()) {
            Drawing drawing = picture.getValue();
            Files.writeString(directory.resolve(picture.getKey() + ".svg"), drawing.svg(), StandardCharsets.UTF_8);
            Files.write(directory.resolve(picture.getKey() + ".png"), drawing.png(PNG_SCALE));
        }
        Files.write(directory.resolve("results.json"), ResultsJson.of(results));
        Path page = directory.resolve("report.html");
        Files.writeString(page, new ReportPage(results, pictures).html(), StandardCharsets.UTF_8);
        return page;
    }
}
