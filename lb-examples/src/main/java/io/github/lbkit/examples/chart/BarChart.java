package io.github.lbkit.examples.chart;

import io.github.lbkit.examples.chart.Frame.Entry;
import io.github.lbkit.examples.chart.Frame.Style;
import io.github.lbkit.examples.chart.Mark.Anchor;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A bar chart with one group of bars for each category. Immutable.
 *
 * @param heading the heading
 * @param unit the unit of the values
 * @param categories the names of the groups, from left to right
 * @param series the series, with one bar in each group
 */
public record BarChart(Heading heading, String unit, List<String> categories, List<Series> series) {
    private static final double GROUP_SHARE = 0.72;
    private static final double MAX_BAR = 84;
    private static final double LABEL = 12;
    private static final double LEAST_LABEL = 8.5;
    private static final double LABEL_GAP = 4;

    /** Checks the sizes, and copies the lists. */
    public BarChart {
        categories = List.copyOf(categories);
        series = Series.each(series, categories.size(), "categories");
    }

    /** Returns the drawing of the chart. */
    public Drawing draw() {
        Frame frame = new Frame(heading, Frame.HEIGHT, 56);
        Scale up = Scale.counting(Series.greatest(series), 5, frame.bottom, Frame.TOP);
        frame.verticalAxis(up, unit);
        frame.legend(series.stream()
                .map(s -> new Entry(s.name(), s.colour(), s.expected() ? Style.HOLLOW : Style.SOLID))
                .toList());
        double group = (Frame.RIGHT - Frame.LEFT) / Math.max(1, categories.size());
        for (int i = 0; i < categories.size(); i++) {
            group(frame, up, i, Frame.LEFT + i * group, group);
        }
        frame.baseline();
        return frame.drawing(described());
    }

    private void group(Frame frame, Scale up, int category, double left, double width) {
        double bar = Math.min(MAX_BAR, width * GROUP_SHARE / series.size());
        double gap = Math.min(4, bar / 8);
        double x = left + (width - bar * series.size()) / 2;
        double size = labelSize(bar);
        for (Series one : series) {
            double value = one.values().get(category);
            double top = up.at(value);
            if (one.expected()) {
                frame.canvas.outline(x + gap, top, bar - 2 * gap, frame.bottom - top, one.colour());
            } else {
                frame.canvas.box(x + gap, top, bar - 2 * gap, frame.bottom - top, one.colour());
            }
            if (size >= LEAST_LABEL) {
                frame.canvas.text(x + bar / 2, top - 5, label(value), size, false, Anchor.MIDDLE, Colour.BLACK);
            }
            x += bar;
        }
        if (category % every(width) == 0) {
            frame.labelBelow(left + width / 2, categories.get(category));
        }
    }

    private static String label(double value) {
        return Figures.plain(Math.rint(value));
    }

    /** Returns the text size at which no label is wider than its bar. */
    private double labelSize(double bar) {
        double widest = series.stream()
                .flatMap(s -> s.values().stream())
                .mapToDouble(v -> Glyphs.of(false).width(label(v), LABEL))
                .max()
                .orElse(1);
        return LABEL * Math.min(1, (bar - LABEL_GAP) / widest);
    }

    /** Draws the names of the groups, without those that would overlap. */
    private int every(double width) {
        double widest = categories.stream()
                .mapToDouble(c -> Glyphs.of(false).width(c, Canvas.TEXT))
                .max()
                .orElse(0);
        return Math.max(1, (int) Math.ceil((widest + 12) / width));
    }

    private String described() {
        return heading.message() + " "
                + IntStream.range(0, categories.size())
                        .mapToObj(i -> categories.get(i) + ": "
                                + series.stream()
                                        .map(s -> s.name() + " "
                                                + Figures.plain(s.values().get(i)))
                                        .collect(Collectors.joining(", ")))
                        .collect(Collectors.joining("; "));
    }
}
