package io.github.lbkit.examples.chart;

import java.util.List;

/**
 * The drawing of a chart, a list of marks from back to front. Immutable.
 *
 * @param width the width in units, which are pixels at scale 1
 * @param height the height in units
 * @param title the title for screen readers
 * @param description the description for screen readers
 * @param marks what is drawn
 */
public record Drawing(int width, int height, String title, String description, List<Mark> marks) {
    /** Copies the list. */
    public Drawing {
        marks = List.copyOf(marks);
    }

    /** Returns the drawing as SVG, for a file or for a page. */
    public String svg() {
        return new SvgWriter(this).text();
    }

    /** Returns the drawing as PNG, with this number of pixels for each unit. */
    public byte[] png(double scale) {
        return PngRenderer.render(this, scale);
    }
}
