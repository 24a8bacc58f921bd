package io.github.lbkit.bench.hashing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * A program that draws the results of {@link HashingReport} as one picture. Each algorithm is a row with its look-up
 * time, its peak load and the share of keys that move. {@code java -cp lb-bench/target/benchmarks.jar
 * io.github.lbkit.bench.hashing.HashingChart docs/hashing-results.csv docs/hashing-chart.svg}.
 */
public final class HashingChart {
    private static final int WIDTH = 1_160;
    private static final int TOP = 118;
    private static final int ROW = 27;
    private static final int LABEL_END = 218;

    /** A row: the algorithm, and a remark beside the figures. */
    private record Row(Algorithm algorithm, String remark) {}

    private static final List<Row> ROWS = List.of(
            new Row(Algorithm.HASH, "claim table, the default"),
            new Row(Algorithm.CAPPED, "peak at most 1.05"),
            new Row(Algorithm.RENDEZVOUS, "time grows with the servers"),
            new Row(Algorithm.RING, "100 points a server"),
            new Row(Algorithm.MAGLEV, "even, moves others' keys"),
            new Row(Algorithm.ENVOY_MAGLEV, "owners of Envoy"),
            new Row(Algorithm.ENVOY_RING, "owners of Envoy"),
            new Row(Algorithm.KETAMA, "owners of memcached clients"),
            new Row(Algorithm.JUMP, "only the last may leave"),
            new Row(Algorithm.TREE_MAP, "the common ring implementation"),
            new Row(Algorithm.ALLGOOD, "its time includes hashing"),
            new Row(Algorithm.GUAVA, "only the last may leave"),
            new Row(Algorithm.JUMP_BACK, "only the last may leave"),
            new Row(Algorithm.JUMP_BACK_ANCHOR, "depends on the order of changes"));

    private final Results results;
    private final StringBuilder svg = new StringBuilder();

    private HashingChart(Results results) {
        this.results = results;
    }

    /** Draws the picture. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("usage: HashingChart RESULTS.csv CHART.svg");
            System.exit(2);
        }
        Files.writeString(Path.of(arguments[1]), new HashingChart(Results.of(Path.of(arguments[0]))).draw());
    }

    /** A linear or logarithmic scale from values to coordinates. Values outside the range are drawn at its end. */
    private record Scale(int start, int end, double least, double most, boolean logarithmic) {
        double coordinate(double value) {
            double part =
                    logarithmic ? Math.log(value / least) / Math.log(most / least) : (value - least) / (most - least);
            return start + Math.max(0, Math.min(1, part)) * (end - start);
        }
    }

    private String draw() {
        int height = TOP + ROWS.size() * ROW + 70;
        svg.append(String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" role="img"
                     aria-label="Routers compared by time, evenness and moved keys">
                <style>
                  text { font: 13px "DejaVu Sans", Verdana, sans-serif; fill: #24292f; }
                  .title { font-size: 18px; font-weight: bold; }
                  .head { font-weight: bold; }
                  .small { font-size: 11px; fill: #57606a; }
                  .value { font-size: 11px; }
                  .card { fill: #ffffff; stroke: #d0d7de; }
                  .grid { stroke: #d8dee4; }
                  .band { fill: #f3f6f9; }
                  .ours { fill: #0969da; } .peer { fill: #b35900; }
                  .line { stroke-width: 2; } .ours.line { stroke: #0969da; } .peer.line { stroke: #b35900; }
                  .more.ours { fill: #ffffff; stroke: #0969da; stroke-width: 2; }
                  .more.peer { fill: #ffffff; stroke: #b35900; stroke-width: 2; }
                  @media (prefers-color-scheme: dark) {
                    text { fill: #e6edf3; } .small { fill: #9da7b3; }
                    .card { fill: #0d1117; stroke: #30363d; } .grid { stroke: #30363d; } .band { fill: #161b22; }
                    .ours { fill: #58a6ff; } .peer { fill: #f0883e; }
                    .ours.line { stroke: #58a6ff; } .peer.line { stroke: #f0883e; }
                    .more.ours { fill: #0d1117; stroke: #58a6ff; } .more.peer { fill: #0d1117; stroke: #f0883e; }
                  }
                </style>
                <rect class="card" x="0.5" y="0.5" width="%3$d" height="%4$d" rx="8"/>
                """, WIDTH, height, WIDTH - 1, height - 1));
        text(24, 34, "title", "start", "From a key to a server: how fast, how even, how many keys move");
        circle(30, 54, "ours", "");
        text(42, 58, "", "start", "lbkit");
        circle(98, 54, "peer", "");
        text(110, 58, "", "start", "other Java libraries");
        text(
                270,
                58,
                "small",
                "start",
                "Further left is better in every column. Equal weights; 100 servers, and also 1,000 for the time."
                        + " Least = the keys of the server that leaves.");
        bands();
        Scale time = new Scale(240, 440, 2, 5_000, true);
        Scale peak = new Scale(546, 706, 1, 2, false);
        Scale moved = new Scale(756, 906, 1, 100, true);
        axis(time, "Time of a look-up, ns", "● 100 servers  ○ 1,000, logarithmic", List.of(3.0, 10.0, 100.0, 1_000.0));
        axis(peak, "Busiest server ÷ mean", "1 = equal shares", List.of(1.0, 1.25, 1.5, 1.75, 2.0));
        axis(moved, "Keys moved ÷ least", "when one leaves, logarithmic", List.of(1.0, 3.0, 10.0, 30.0, 100.0));
        for (int i = 0; i < ROWS.size(); i++) {
            Row row = ROWS.get(i);
            int y = TOP + i * ROW + ROW / 2;
            text(LABEL_END, y + 4, "", "end", row.algorithm().label());
            times(row.algorithm(), time, y);
            dot(row.algorithm(), peak, y, results.value("peak", row.algorithm().label(), 100), "%.2f");
            dot(
                    row.algorithm(),
                    moved,
                    y,
                    results.value("leave", row.algorithm().label(), 100),
                    "%.2f");
            text(962, y + 4, "small", "start", row.remark());
        }
        text(
                24,
                height - 24,
                "small",
                "start",
                "Drawn by HashingChart from hashing-results.csv; machine, JDK and command are in"
                        + " measurements.md. No router of lbkit depends on the order of changes.");
        return svg.append("</svg>\n").toString();
    }

    private void bands() {
        for (int i = 0; i < ROWS.size(); i += 2) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect class=\"band\" x=\"12\" y=\"%d\" width=\"%d\" height=\"%d\"/>%n",
                    TOP + i * ROW,
                    WIDTH - 24,
                    ROW));
        }
    }

    private void axis(Scale scale, String title, String below, List<Double> ticks) {
        int bottom = TOP + ROWS.size() * ROW;
        text((scale.start() + scale.end()) / 2.0, TOP - 26, "head", "middle", title);
        text((scale.start() + scale.end()) / 2.0, TOP - 9, "small", "middle", below);
        for (double tick : ticks) {
            double x = scale.coordinate(tick);
            svg.append(String.format(
                    Locale.ROOT,
                    "<line class=\"grid\" x1=\"%1$.1f\" x2=\"%1$.1f\" y1=\"%2$d\" y2=\"%3$d\"/>%n",
                    x,
                    TOP,
                    bottom));
            text(x, bottom + 16, "small", "middle", number(tick, tick == Math.rint(tick) ? "%,.0f" : "%.2f"));
        }
    }

    private void times(Algorithm algorithm, Scale scale, int y) {
        OptionalDouble few = results.value("look-up", algorithm.label(), 100);
        OptionalDouble many = results.value("look-up", algorithm.label(), 1_000);
        if (few.isEmpty() || many.isEmpty()) {
            return;
        }
        double left = scale.coordinate(Math.min(few.getAsDouble(), many.getAsDouble()));
        double right = scale.coordinate(Math.max(few.getAsDouble(), many.getAsDouble()));
        svg.append(String.format(
                Locale.ROOT,
                "<line class=\"%1$s line\" x1=\"%2$.1f\" x2=\"%3$.1f\" y1=\"%4$d\" y2=\"%4$d\"/>%n",
                kind(algorithm),
                left,
                right,
                y));
        circle(scale.coordinate(many.getAsDouble()), y, kind(algorithm), "more ");
        circle(scale.coordinate(few.getAsDouble()), y, kind(algorithm), "");
        text(
                right + 9,
                y + 4,
                "value",
                "start",
                number(few.getAsDouble(), "%.3g") + " → " + number(many.getAsDouble(), "%.3g"));
    }

    private void dot(Algorithm algorithm, Scale scale, int y, OptionalDouble value, String format) {
        if (value.isPresent()) {
            double x = scale.coordinate(value.getAsDouble());
            circle(x, y, kind(algorithm), "");
            text(x + 9, y + 4, "value", "start", number(value.getAsDouble(), format));
        }
    }

    private static String kind(Algorithm algorithm) {
        return algorithm.isLbkit() ? "ours" : "peer";
    }

    /** Returns a number for people, never with an exponent. */
    private static String number(double value, String format) {
        return format.endsWith("g") && value >= 100
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(
                        Locale.ROOT,
                        format.endsWith("g") ? "%.1f" : value >= 10 && format.equals("%.2f") ? "%.0f" : format,
                        value);
    }

    private void circle(double x, int y, String kind, String more) {
        svg.append(String.format(
                Locale.ROOT, "<circle class=\"%s%s\" cx=\"%.1f\" cy=\"%d\" r=\"5\"/>%n", more, kind, x, y));
    }

    private void text(double x, int y, String style, String anchor, String text) {
        if (!text.isEmpty()) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<text class=\"%s\" x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s</text>%n",
                    style,
                    x,
                    y,
                    anchor,
                    text.replace("&", "&amp;").replace("<", "&lt;")));
        }
    }
}
