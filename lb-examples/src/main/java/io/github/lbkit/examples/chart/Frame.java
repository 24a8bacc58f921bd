package io.github.lbkit.examples.chart;

import io.github.lbkit.examples.chart.Mark.Anchor;
import java.util.ArrayList;
import java.util.List;

/** The common parts of charts: title, message, legend and axes. Confined to one chart. */
final class Frame {
    static final int WIDTH = 960;
    static final int HEIGHT = 540;
    static final double LEFT = 84;
    static final double RIGHT = WIDTH - 32;
    static final double TOP = 136;

    private static final double TITLE_SIZE = 22;
    private static final double MARGIN = 24;
    private static final double KEY = 16;

    /** The styles of legend entries. */
    enum Style {
        SOLID,
        HOLLOW,
        LINE,
        DASHED
    }

    /** One entry of the legend. */
    record Entry(String name, Colour colour, Style style) {}

    final Canvas canvas;
    final double bottom;
    private final String title;
    private double legendLeft = LEFT;

    Frame(Heading heading, int height, double bottomMargin) {
        canvas = new Canvas(WIDTH, height);
        bottom = height - bottomMargin;
        title = heading.title();
        canvas.text(MARGIN, 40, title, TITLE_SIZE, true, Anchor.START, Colour.BLACK);
        List<String> lines = wrapped(heading.message(), WIDTH - 2 * MARGIN);
        for (int i = 0; i < lines.size(); i++) {
            canvas.text(MARGIN, 64 + 19 * i, lines.get(i), Anchor.START, Colour.GREY);
        }
    }

    /** Returns at most two lines of text; longer text ends with an ellipsis. */
    private static List<String> wrapped(String text, double width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            String longer = line.isEmpty() ? word : line + " " + word;
            if (Glyphs.of(false).width(longer, Canvas.TEXT) <= width) {
                line.setLength(0);
                line.append(longer);
            } else if (lines.isEmpty()) {
                lines.add(line.toString());
                line.setLength(0);
                line.append(word);
            } else {
                line.append('…');
                break;
            }
        }
        lines.add(line.toString());
        return lines;
    }

    void legend(List<Entry> entries) {
        double x = legendLeft;
        double y = TOP - 24;
        for (Entry entry : entries) {
            switch (entry.style()) {
                case SOLID -> canvas.box(x, y - 12, KEY, 14, entry.colour());
                case HOLLOW -> {
                    canvas.box(x, y - 12, KEY, 14, Colour.WHITE);
                    canvas.outline(x + 1, y - 11, KEY - 2, 12, entry.colour());
                }
                default ->
                    canvas.line(
                            List.of(new Mark.Point(x - 4, y - 5), new Mark.Point(x + KEY + 4, y - 5)),
                            entry.colour(),
                            2.5,
                            entry.style() == Style.DASHED);
            }
            canvas.text(x + KEY + 8, y, entry.name(), Anchor.START, Colour.BLACK);
            x += KEY + 8 + Glyphs.of(false).width(entry.name(), Canvas.TEXT) + 28;
        }
    }

    /** Draws the vertical axis with its grid, its numbers, and its unit above. */
    void verticalAxis(Scale scale, String unit) {
        for (double tick : scale.ticks()) {
            canvas.line(LEFT, scale.at(tick), RIGHT, scale.at(tick), Colour.FAINT);
            canvas.text(LEFT - 8, scale.at(tick) + 5, Figures.tick(tick, scale.step()), Anchor.END, Colour.GREY);
        }
        canvas.text(MARGIN, TOP - 24, unit, Anchor.START, Colour.GREY);
        legendLeft = MARGIN + Glyphs.of(false).width(unit, Canvas.TEXT) + 36;
    }

    void baseline() {
        canvas.line(LEFT, bottom, RIGHT, bottom, Colour.GREY);
    }

    /** Draws a label below the plot. */
    void labelBelow(double x, String text) {
        canvas.text(x, bottom + 20, text, Anchor.MIDDLE, Colour.BLACK);
    }

    /** Draws the title of the horizontal axis. */
    void horizontalTitle(String name) {
        canvas.text((LEFT + RIGHT) / 2, bottom + 44, name, Anchor.MIDDLE, Colour.GREY);
    }

    Drawing drawing(String description) {
        return canvas.drawing(title, description);
    }
}
