package io.github.lbkit.examples.chart;

import java.util.List;

/** One mark of a drawing. Lengths are in units of the drawing; y grows downwards. Immutable. */
sealed interface Mark {
    /** A point. */
    record Point(double x, double y) {}

    /** A filled rectangle. */
    record Box(double x, double y, double width, double height, Colour fill, double opacity) implements Mark {}

    /** The outline of a rectangle. */
    record Outline(double x, double y, double width, double height, Colour colour, double thickness) implements Mark {}

    /** A line through points. */
    record Line(List<Point> points, Colour colour, double thickness, boolean dashed) implements Mark {
        public Line {
            points = List.copyOf(points);
        }
    }

    /** A filled polygon. */
    record Area(List<Point> points, Colour fill, double opacity) implements Mark {
        public Area {
            points = List.copyOf(points);
        }
    }

    /** A filled circle. */
    record Dot(double x, double y, double radius, Colour fill) implements Mark {}

    /** A text on its baseline. */
    record Label(double x, double y, String text, double size, boolean bold, Anchor anchor, Colour colour)
            implements Mark {}

    /** The part of a text that is at its point. */
    enum Anchor {
        START,
        MIDDLE,
        END
    }
}
