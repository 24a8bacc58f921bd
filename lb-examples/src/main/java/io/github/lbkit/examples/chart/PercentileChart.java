package io.github.lbkit.examples.chart;

import io.github.lbkit.examples.chart.Frame.Entry;
import io.github.lbkit.examples.chart.Frame.Style;
import io.github.lbkit.examples.chart.Mark.Point;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A chart of values at percentiles, on an axis where each further nine (90, 99, 99.9 %) has the same width. Immutable.
 *
 * @param heading the heading
 * @param unit the unit of the values
 * @param series the lines
 */
public record PercentileChart(Heading heading, String unit, List<Series> series) {
    /** The percentiles for which a series has values. */
    public static final List<Double> PERCENTILES = List.of(0.0, 50.0, 75.0, 90.0, 95.0, 99.0, 99.9, 99.99);

    private static final double NINES = 4;
    private static final List<Double> LABELLED = List.of(0.0, 50.0, 90.0, 99.0, 99.9, 99.99);

    /**
     * One line.
     *
     * @param name the name in the legend
     * @param colour the colour of the line
     * @param values one value for each of {@link #PERCENTILES}
     */
    public record Series(String name, Colour colour, List<Double> values) {
        /** Checks the size, and copies the list. */
        public Series {
            values = List.copyOf(values);
            if (values.size() != PERCENTILES.size()) {
                throw new IllegalArgumentException("series '" + name + "' has " + values.size() + " values for "
                        + PERCENTILES.size() + " percentiles");
            }
        }
    }

    /** Copies the list. */
    public PercentileChart {
        series = List.copyOf(series);
    }

    /** Returns the drawing of the chart. */
    public Drawing draw() {
        Frame frame = new Frame(heading, Frame.HEIGHT, 68);
        double greatest = series.stream()
                .flatMap(s -> s.values().stream())
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(0);
        Scale up = Scale.fromZero(greatest, 5, frame.bottom, Frame.TOP);
        Scale along = new Scale(0, NINES, 1, Frame.LEFT + 20, Frame.RIGHT - 40);
        frame.verticalAxis(up, unit);
        for (double percentile : LABELLED) {
            double x = along.at(nines(percentile));
            frame.canvas.line(x, frame.bottom, x, frame.bottom + 5, Colour.GREY);
            frame.labelBelow(
                    x,
                    new BigDecimal(String.valueOf(percentile))
                                    .stripTrailingZeros()
                                    .toPlainString() + " %");
        }
        for (Series one : series) {
            List<Point> points = new ArrayList<>();
            for (int i = 0; i < PERCENTILES.size(); i++) {
                points.add(new Point(
                        along.at(nines(PERCENTILES.get(i))), up.at(one.values().get(i))));
            }
            frame.canvas.line(points, one.colour(), 2.5, false);
            points.forEach(p -> frame.canvas.dot(p.x(), p.y(), 3.5, one.colour()));
        }
        frame.legend(series.stream()
                .map(s -> new Entry(s.name(), s.colour(), Style.LINE))
                .toList());
        frame.baseline();
        frame.horizontalTitle("so many of the requests were at least as fast");
        return frame.drawing(described());
    }

    /** Returns the number of nines: 1 for 90 %, 2 for 99 %. */
    static double nines(double percentile) {
        return -Math.log10(1 - percentile / 100);
    }

    private String described() {
        return heading.message() + " "
                + series.stream()
                        .map(s -> s.name() + ": "
                                + s.values().stream()
                                        .map(v -> Figures.plain(v) + " " + unit)
                                        .collect(Collectors.joining(", ")))
                        .collect(Collectors.joining("; "))
                + " at percentiles "
                + PERCENTILES.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
