package io.github.lbkit.examples.chart;

/**
 * A colour. The named colours are greys and the palette of Okabe and Ito, which is safe for colour-blind people.
 * Immutable.
 *
 * @param rgb red, green and blue with eight bits each
 */
public record Colour(int rgb) {
    /** The colour of text and axes. */
    public static final Colour BLACK = new Colour(0x222222);

    /** The colour of secondary text. */
    public static final Colour GREY = new Colour(0x6B6B6B);

    /** The colour of expected values and of missing servers. */
    public static final Colour PALE = new Colour(0xC9C9C9);

    /** The colour of grid lines. */
    public static final Colour FAINT = new Colour(0xE6E6E6);

    /** The colour of the background. */
    public static final Colour WHITE = new Colour(0xFFFFFF);

    /** The colour of measured values. */
    public static final Colour BLUE = new Colour(0x0072B2);

    /** The colour of successes. */
    public static final Colour GREEN = new Colour(0x009E73);

    /** The colour of failures. */
    public static final Colour VERMILLION = new Colour(0xD55E00);

    /** A further colour. */
    public static final Colour ORANGE = new Colour(0xE69F00);

    /** A further colour, for areas. */
    public static final Colour SKY = new Colour(0x56B4E9);

    /** A further colour. */
    public static final Colour PURPLE = new Colour(0xCC79A7);

    /** Checks the range. */
    public Colour {
        if (rgb < 0 || rgb > 0xFFFFFF) {
            throw new IllegalArgumentException("colour " + Integer.toHexString(rgb) + " is not within 0 to ffffff");
        }
    }

    /** Returns {@code #} and six hexadecimal digits. */
    String hex() {
        return String.format("#%06X", rgb);
    }
}
