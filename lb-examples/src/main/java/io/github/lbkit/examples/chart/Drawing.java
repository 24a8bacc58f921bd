package io.github.lbkit.examples.chart;

import java.util.List;

/**
 * A chart that is laid out: what to draw, from back to front. Immutable.
 *
 * @param width in units that are pixels at scale 1
 * @param height as the width
 * @param title what it is, for those who do not see it
 * @param description what it shows, for those who do not see it
 * @param marks what is drawn
 */
public record Drawing(int width, int height, String title, String description, List<Mark> marks) {
    /** Copies. */
    public Drawing {
        marks = List.copyOf(marks);
    }

    /** As SVG, to stand alone or within a page. */
    public String svg() {
        return new SvgWriter(this).text();
    }

    /** As PNG, each unit this many pixels. */
    public byte[] png(double scale) {
        return PngRenderer.render(this, scale);
    }
}
