package io.github.lbkit.examples.chart;

import io.github.lbkit.examples.chart.Mark.Anchor;
import io.github.lbkit.examples.chart.Mark.Point;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A writer of drawings as SVG, with text as text, and title and description for screen readers. Confined to one use.
 */
final class SvgWriter {
    /** The fonts; the first one has the widths of the layout. */
    private static final String FONTS = "'DejaVu Sans',Verdana,sans-serif";

    private final Drawing drawing;
    private final StringBuilder svg = new StringBuilder(4096);

    SvgWriter(Drawing drawing) {
        this.drawing = drawing;
    }

    String text() {
        String id = Integer.toHexString(drawing.title().hashCode());
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%1$d\" height=\"%2$d\" viewBox=\"0 0 %1$d %2$d\""
                        + " role=\"img\" aria-labelledby=\"t%3$s d%3$s\" font-family=\"%4$s\">%n",
                drawing.width(),
                drawing.height(),
                id,
                FONTS));
        svg.append(String.format("<title id=\"t%s\">%s</title>%n", id, escaped(drawing.title())));
        svg.append(String.format("<desc id=\"d%s\">%s</desc>%n", id, escaped(drawing.description())));
        drawing.marks().forEach(this::write);
        return svg.append("</svg>\n").toString();
    }

    private void write(Mark mark) {
        if (mark instanceof Mark.Box box) {
            tag("rect", place(box.x(), box.y(), box.width(), box.height()) + fill(box.fill(), box.opacity()));
        } else if (mark instanceof Mark.Outline outline) {
            String where = place(outline.x(), outline.y(), outline.width(), outline.height());
            tag("rect", where + " fill=\"none\"" + stroke(outline.colour(), outline.thickness()));
        } else if (mark instanceof Mark.Line line) {
            String dashes = line.dashed() ? " stroke-dasharray=\"7 5\"" : "";
            String look = stroke(line.colour(), line.thickness()) + " stroke-linejoin=\"round\"" + dashes;
            tag("polyline", points(line.points()) + " fill=\"none\"" + look);
        } else if (mark instanceof Mark.Area area) {
            tag("polygon", points(area.points()) + fill(area.fill(), area.opacity()));
        } else if (mark instanceof Mark.Dot dot) {
            String where = " cx=\"" + number(dot.x()) + "\" cy=\"" + number(dot.y()) + "\"";
            tag("circle", where + " r=\"" + number(dot.radius()) + "\"" + fill(dot.fill(), 1));
        } else if (mark instanceof Mark.Label label) {
            write(label);
        }
    }

    private void write(Mark.Label label) {
        svg.append("<text x=\"")
                .append(number(label.x()))
                .append("\" y=\"")
                .append(number(label.y()))
                .append("\" font-size=\"")
                .append(number(label.size()))
                .append('"')
                .append(label.bold() ? " font-weight=\"bold\"" : "")
                .append(label.anchor() == Anchor.START ? "" : " text-anchor=\"" + anchor(label.anchor()) + "\"")
                .append(fill(label.colour(), 1))
                .append('>')
                .append(escaped(label.text()))
                .append("</text>\n");
    }

    private static String anchor(Anchor anchor) {
        return anchor.name().toLowerCase(Locale.ROOT);
    }

    private void tag(String name, String attributes) {
        svg.append('<').append(name).append(attributes).append("/>\n");
    }

    private static String place(double x, double y, double width, double height) {
        return " x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\"" + number(width) + "\" height=\""
                + number(height) + "\"";
    }

    private static String fill(Colour colour, double opacity) {
        return " fill=\"" + colour.hex() + "\"" + (opacity == 1 ? "" : " fill-opacity=\"" + number(opacity) + "\"");
    }

    private static String stroke(Colour colour, double thickness) {
        return " stroke=\"" + colour.hex() + "\" stroke-width=\"" + number(thickness) + "\"";
    }

    private static String points(List<Point> points) {
        return points.stream()
                .map(p -> number(p.x()) + "," + number(p.y()))
                .collect(Collectors.joining(" ", " points=\"", "\""));
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value);
        return text.endsWith(".00") ? text.substring(0, text.length() - 3) : text;
    }

    private static String escaped(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '&' -> safe.append("&amp;");
                case '"' -> safe.append("&quot;");
                default -> safe.appendCodePoint(c < ' ' || (c >= 0xD800 && c <= 0xDFFF) || c >= 0xFFFE ? '?' : c);
            }
        });
        return safe.toString();
    }
}
