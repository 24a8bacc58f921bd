package io.github.lbkit.examples.chart;

import io.github.lbkit.examples.chart.Frame.Entry;
import io.github.lbkit.examples.chart.Frame.Style;
import io.github.lbkit.examples.chart.Mark.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A line chart of values over a rising number. Immutable.
 *
 * @param heading the heading
 * @param across the title of the horizontal axis
 * @param unit the unit of the values
 * @param xs the rising numbers on the horizontal axis, with one tick each
 * @param series the lines
 * @param band the range between two of the lines, if one is to be seen
 */
public record LineChart(
        Heading heading, String across, String unit, List<Double> xs, List<Series> series, Optional<Band> band) {
    private static final double INDENT = 60;

    /**
     * A shaded range.
     *
     * @param low the lower values
     * @param high the upper values
     * @param colour the colour of the shade
     */
    public record Band(List<Double> low, List<Double> high, Colour colour) {
        /** Copies the lists. */
        public Band {
            low = List.copyOf(low);
            high = List.copyOf(high);
        }
    }

    /** Checks the sizes, and copies the lists. */
    public LineChart {
        xs = List.copyOf(xs);
        series = Series.each(series, xs.size(), "numbers");
    }

    /** Returns the drawing of the chart. */
    public Drawing draw() {
        Frame frame = new Frame(heading, Frame.HEIGHT, 68);
        Scale up = Scale.fromZero(Series.greatest(series), 5, frame.bottom, Frame.TOP);
        frame.verticalAxis(up, unit);
        Scale along = Scale.between(
                xs.isEmpty() ? 0 : xs.get(0),
                xs.isEmpty() ? 1 : xs.get(xs.size() - 1),
                5,
                Frame.LEFT + INDENT,
                Frame.RIGHT - INDENT);
        band.ifPresent(b -> shade(frame, up, along, b));
        for (Series one : series) {
            List<Point> points = points(along, up, one.values());
            frame.canvas.line(points, one.colour(), 2.5, one.expected());
            if (!one.expected()) {
                points.forEach(p -> frame.canvas.dot(p.x(), p.y(), 4, one.colour()));
            }
        }
        xs.forEach(x -> frame.labelBelow(along.at(x), Figures.plain(x)));
        frame.legend(series.stream()
                .map(s -> new Entry(s.name(), s.colour(), s.expected() ? Style.DASHED : Style.LINE))
                .toList());
        frame.baseline();
        frame.horizontalTitle(across);
        return frame.drawing(described());
    }

    private List<Point> points(Scale along, Scale up, List<Double> values) {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < xs.size(); i++) {
            points.add(new Point(along.at(xs.get(i)), up.at(values.get(i))));
        }
        return points;
    }

    private void shade(Frame frame, Scale up, Scale along, Band range) {
        List<Point> around = points(along, up, range.high());
        List<Point> back = points(along, up, range.low());
        for (int i = back.size() - 1; i >= 0; i--) {
            around.add(back.get(i));
        }
        frame.canvas.area(around, range.colour(), 0.15);
    }

    private String described() {
        return heading.message() + " "
                + series.stream()
                        .map(s -> s.name() + ": "
                                + s.values().stream().map(Figures::plain).collect(Collectors.joining(", ")))
                        .collect(Collectors.joining("; "))
                + " at " + across + " " + xs.stream().map(Figures::plain).collect(Collectors.joining(", "));
    }
}
