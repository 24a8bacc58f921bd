package io.github.lbkit.examples.chart;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;

/** A PNG's pixels, for tests that look at what was drawn. */
record Pixels(BufferedImage image) {
    static Pixels of(byte[] png) {
        try {
            return new Pixels(ImageIO.read(new ByteArrayInputStream(png)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    boolean is(int x, int y, Colour colour) {
        return (image.getRGB(x, y) & 0xFFFFFF) == colour.rgb();
    }

    /** The longest unbroken run of this colour in one column. */
    int tallest(int x, Colour colour) {
        int tallest = 0;
        int run = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            run = is(x, y, colour) ? run + 1 : 0;
            tallest = Math.max(tallest, run);
        }
        return tallest;
    }

    int count(Colour colour) {
        int count = 0;
        for (int x = 0; x < image.getWidth(); x++) {
            for (int y = 0; y < image.getHeight(); y++) {
                count += is(x, y, colour) ? 1 : 0;
            }
        }
        return count;
    }
}
