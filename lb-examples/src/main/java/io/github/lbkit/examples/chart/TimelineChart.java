package io.github.lbkit.examples.chart;

import io.github.lbkit.examples.chart.Frame.Entry;
import io.github.lbkit.examples.chart.Frame.Style;
import io.github.lbkit.examples.chart.Mark.Anchor;
import io.github.lbkit.examples.chart.Mark.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A chart of events over time: one lane for each server with its answered requests, and moments across all lanes.
 * Immutable.
 *
 * @param heading the heading
 * @param window the time that is shown
 * @param buckets the length of one bucket, in seconds
 * @param lanes the lanes, from top to bottom
 * @param moments the moments, in order
 */
public record TimelineChart(Heading heading, Window window, double buckets, List<Lane> lanes, List<Moment> moments) {
    private static final double LANE = 84;
    private static final double ROW = 21;
    private static final double NAMES = 128;
    private static final double BELOW = 68;

    /**
     * A window of time.
     *
     * @param from the begin, in seconds
     * @param to the end, in seconds; after the begin
     */
    public record Window(double from, double to) {}

    /**
     * The lane of one server.
     *
     * @param name the id of the server
     * @param colour the colour of the bars
     * @param counts the counts by bucket, from 0 seconds
     * @param away the windows in which the server could not serve
     */
    public record Lane(String name, Colour colour, List<Long> counts, List<Window> away) {
        /** Copies the lists. */
        public Lane {
            counts = List.copyOf(counts);
            away = List.copyOf(away);
        }
    }

    /**
     * A moment.
     *
     * @param at the time, in seconds
     * @param what the description, in a few words
     * @param colour the colour of the line
     */
    public record Moment(double at, String what, Colour colour) {}

    /** Copies the lists. */
    public TimelineChart {
        lanes = List.copyOf(lanes);
        moments = List.copyOf(moments);
    }

    /** Returns the drawing of the chart. */
    public Drawing draw() {
        double top = Frame.TOP + moments.size() * ROW;
        Frame frame = new Frame(heading, (int) (top + lanes.size() * LANE + BELOW), BELOW);
        Scale along = Scale.between(window.from(), window.to(), 8, NAMES, Frame.RIGHT);
        long greatest = lanes.stream()
                .flatMap(l -> l.counts().stream())
                .mapToLong(Long::longValue)
                .max()
                .orElse(1);
        List<Entry> legend = new ArrayList<>();
        legend.add(new Entry(
                "answered, by " + Figures.plain(1000 * buckets) + " ms; a full lane is "
                        + Figures.plain((double) greatest),
                Colour.BLUE,
                Style.SOLID));
        if (lanes.stream().anyMatch(l -> !l.away().isEmpty())) {
            legend.add(new Entry("could not serve", Colour.PALE, Style.SOLID));
        }
        frame.legend(legend);
        for (int i = 0; i < lanes.size(); i++) {
            lane(frame, along, lanes.get(i), top + i * LANE, Math.max(1, greatest));
        }
        for (double tick : along.ticks()) {
            frame.canvas.line(along.at(tick), frame.bottom, along.at(tick), frame.bottom + 5, Colour.GREY);
            frame.labelBelow(along.at(tick), Figures.tick(tick, along.step()));
        }
        for (int i = 0; i < moments.size(); i++) {
            double x = along.at(moments.get(i).at());
            Point above = new Point(x, Frame.TOP + i * ROW + 4);
            frame.canvas.line(
                    List.of(above, new Point(x, frame.bottom)), moments.get(i).colour(), 1.5, false);
        }
        for (int i = 0; i < moments.size(); i++) {
            moment(frame, along.at(moments.get(i).at()), Frame.TOP + i * ROW, moments.get(i));
        }
        frame.canvas.line(NAMES, frame.bottom, Frame.RIGHT, frame.bottom, Colour.GREY);
        frame.horizontalTitle("seconds since the first request");
        return frame.drawing(described());
    }

    private void lane(Frame frame, Scale along, Lane lane, double top, long greatest) {
        double bottom = top + LANE;
        frame.canvas.line(NAMES, bottom, Frame.RIGHT, bottom, Colour.FAINT);
        frame.canvas.text(NAMES - 12, top + LANE / 2 + 5, lane.name(), Anchor.END, Colour.BLACK);
        for (Window away : lane.away()) {
            double from = along.at(Math.max(window.from(), away.from()));
            double to = along.at(Math.min(window.to(), away.to()));
            frame.canvas.box(from, top + 4, Math.max(1, to - from), LANE - 4, Colour.PALE);
        }
        double width = along.at(window.from() + buckets) - along.at(window.from());
        for (int i = 0; i < lane.counts().size(); i++) {
            double x = along.at(i * buckets);
            double height = (LANE - 8) * lane.counts().get(i) / greatest;
            if (i * buckets >= window.from() - 1e-9 && x + width <= Frame.RIGHT + 1 && height > 0) {
                frame.canvas.box(x, bottom - height, width * 0.85, height, lane.colour());
            }
        }
    }

    /** Draws the description of a moment to the right of its line if there is space, otherwise to the left. */
    private void moment(Frame frame, double x, double y, Moment moment) {
        double width = Glyphs.of(true).width(moment.what(), Canvas.TEXT);
        boolean before = x + 8 + width > Frame.RIGHT;
        frame.canvas.box(before ? x - 11 - width : x + 5, y - 5, width + 6, ROW - 2, Colour.WHITE);
        frame.canvas.dot(x, y + 4, 4, moment.colour());
        frame.canvas.text(
                before ? x - 8 : x + 8,
                y + 9,
                moment.what(),
                Canvas.TEXT,
                true,
                before ? Anchor.END : Anchor.START,
                moment.colour());
    }

    private String described() {
        return heading.message() + " "
                + moments.stream()
                        .map(m -> "At " + Figures.plain(m.at()) + " seconds: " + m.what())
                        .collect(Collectors.joining(". "));
    }
}
