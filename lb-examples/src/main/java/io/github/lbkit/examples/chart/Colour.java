package io.github.lbkit.examples.chart;

/**
 * A colour. Immutable. Those with names are of Okabe and Ito's palette, which people tell apart whatever their colour
 * vision, and greys.
 *
 * @param rgb eight bits each of red, green and blue
 */
public record Colour(int rgb) {
    /** Text and axes. */
    public static final Colour BLACK = new Colour(0x222222);

    /** What is beside the point. */
    public static final Colour GREY = new Colour(0x6B6B6B);

    /** What was expected, and what is not there. */
    public static final Colour PALE = new Colour(0xC9C9C9);

    /** Lines of a grid. */
    public static final Colour FAINT = new Colour(0xE6E6E6);

    /** Behind all else. */
    public static final Colour WHITE = new Colour(0xFFFFFF);

    /** What was measured. */
    public static final Colour BLUE = new Colour(0x0072B2);

    /** What went well. */
    public static final Colour GREEN = new Colour(0x009E73);

    /** What failed. */
    public static final Colour VERMILLION = new Colour(0xD55E00);

    /** A further one. */
    public static final Colour ORANGE = new Colour(0xE69F00);

    /** A further one. */
    public static final Colour SKY = new Colour(0x56B4E9);

    /** A further one. */
    public static final Colour PURPLE = new Colour(0xCC79A7);

    /** Checks. */
    public Colour {
        if (rgb < 0 || rgb > 0xFFFFFF) {
            throw new IllegalArgumentException("colour " + Integer.toHexString(rgb) + " is not within 0 to ffffff");
        }
    }

    /** Six hexadecimal digits after {@code #}. */
    String hex() {
        return String.format("#%06X", rgb);
    }
}
