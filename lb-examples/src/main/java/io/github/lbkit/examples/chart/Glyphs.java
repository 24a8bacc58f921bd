package io.github.lbkit.examples.chart;

import java.awt.geom.Path2D;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * The outlines of characters, from a table in the jar. Text looks the same on a runtime without fontconfig, FreeType or
 * fonts. Characters that are missing in the table are drawn as {@code ?}. Thread-safe.
 */
final class Glyphs {
    /** The number of table units for each text size. */
    static final int UNITS = 2048;

    private static final String TABLE = "glyphs.txt";
    private static final Glyphs REGULAR = new Glyphs("regular");
    private static final Glyphs BOLD = new Glyphs("bold");

    private final Map<Character, Glyph> glyphs;

    private record Glyph(int advance, String path) {}

    private Glyphs(String weight) {
        glyphs = read(weight);
    }

    static Glyphs of(boolean bold) {
        return bold ? BOLD : REGULAR;
    }

    /** Returns the width of a text. */
    double width(String text, double size) {
        double units = 0;
        for (int i = 0; i < text.length(); i++) {
            units += glyph(text.charAt(i)).advance();
        }
        return units * size / UNITS;
    }

    /** Returns the outline of a text, whose baseline begins at this point. */
    Path2D outline(String text, double x, double y, double size) {
        Path2D.Double outline = new Path2D.Double(Path2D.WIND_NON_ZERO);
        double at = x;
        for (int i = 0; i < text.length(); i++) {
            Glyph glyph = glyph(text.charAt(i));
            new PathReader(glyph.path(), at, y, size / UNITS).appendTo(outline);
            at += glyph.advance() * size / UNITS;
        }
        return outline;
    }

    private Glyph glyph(char c) {
        Glyph glyph = glyphs.get(c);
        return glyph == null ? glyphs.getOrDefault('?', new Glyph(0, "")) : glyph;
    }

    private static Map<Character, Glyph> read(String weight) {
        Map<Character, Glyph> read = new HashMap<>();
        InputStream table = Glyphs.class.getResourceAsStream(TABLE);
        if (table == null) {
            throw new NoSuchElementException("resource " + TABLE + " is missing");
        }
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(table, StandardCharsets.US_ASCII))) {
            lines.lines().filter(line -> line.startsWith(weight + " ")).forEach(line -> {
                String[] words = line.split(" ", 4);
                read.put((char) Integer.parseInt(words[1]), new Glyph(Integer.parseInt(words[2]), path(words)));
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return read;
    }

    private static String path(String[] words) {
        return words.length < 4 ? "" : words[3];
    }

    /** A reader of the path of one glyph, which is moved and scaled. */
    private static final class PathReader {
        private final String path;
        private final double x;
        private final double y;
        private final double scale;
        private int at;

        PathReader(String path, double x, double y, double scale) {
            this.path = path;
            this.x = x;
            this.y = y;
            this.scale = scale;
        }

        void appendTo(Path2D outline) {
            while (at < path.length()) {
                char kind = path.charAt(at);
                at++;
                switch (kind) {
                    case 'M' -> outline.moveTo(nextX(), nextY());
                    case 'L' -> outline.lineTo(nextX(), nextY());
                    case 'Q' -> outline.quadTo(nextX(), nextY(), nextX(), nextY());
                    case 'C' -> outline.curveTo(nextX(), nextY(), nextX(), nextY(), nextX(), nextY());
                    default -> outline.closePath();
                }
            }
        }

        private double nextX() {
            return x + number() * scale;
        }

        private double nextY() {
            return y + number() * scale;
        }

        private int number() {
            int begin = at;
            while (at < path.length() && (path.charAt(at) == '-' || Character.isDigit(path.charAt(at)))) {
                at++;
            }
            int number = Integer.parseInt(path, begin, at, 10);
            at += at < path.length() && path.charAt(at) == ',' ? 1 : 0;
            return number;
        }
    }
}
