package io.github.lbkit.examples.chart;

import io.github.lbkit.examples.chart.Mark.Anchor;
import io.github.lbkit.examples.chart.Mark.Point;
import java.util.ArrayList;
import java.util.List;

/** A builder of drawings: a list of marks from back to front. Not thread-safe. */
final class Canvas {
    static final double TEXT = 14;

    final int width;
    final int height;
    private final List<Mark> marks = new ArrayList<>();

    Canvas(int width, int height) {
        this.width = width;
        this.height = height;
        box(0, 0, width, height, Colour.WHITE);
    }

    void box(double x, double y, double boxWidth, double boxHeight, Colour fill) {
        shade(x, y, boxWidth, boxHeight, fill, 1);
    }

    void shade(double x, double y, double boxWidth, double boxHeight, Colour fill, double opacity) {
        marks.add(new Mark.Box(x, y, boxWidth, boxHeight, fill, opacity));
    }

    void outline(double x, double y, double boxWidth, double boxHeight, Colour colour) {
        marks.add(new Mark.Outline(x, y, boxWidth, boxHeight, colour, 1.5));
    }

    void line(double x1, double y1, double x2, double y2, Colour colour) {
        marks.add(new Mark.Line(List.of(new Point(x1, y1), new Point(x2, y2)), colour, 1, false));
    }

    void line(List<Point> points, Colour colour, double thickness, boolean dashed) {
        marks.add(new Mark.Line(points, colour, thickness, dashed));
    }

    void area(List<Point> points, Colour fill, double opacity) {
        marks.add(new Mark.Area(points, fill, opacity));
    }

    void dot(double x, double y, double radius, Colour fill) {
        marks.add(new Mark.Dot(x, y, radius, fill));
    }

    void text(double x, double y, String text, Anchor anchor, Colour colour) {
        marks.add(new Mark.Label(x, y, text, TEXT, false, anchor, colour));
    }

    void text(double x, double y, String text, double size, boolean bold, Anchor anchor, Colour colour) {
        marks.add(new Mark.Label(x, y, text, size, bold, anchor, colour));
    }

    Drawing drawing(String title, String description) {
        return new Drawing(width, height, title, description, marks);
    }
}
