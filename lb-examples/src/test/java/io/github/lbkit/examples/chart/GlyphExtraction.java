package io.github.lbkit.examples.chart;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.font.GlyphVector;
import java.awt.geom.PathIterator;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Writes the resource that {@link Glyphs} reads, from DejaVuSans.ttf and DejaVuSans-Bold.ttf: run by hand where the
 * characters that charts use change.
 */
final class GlyphExtraction {
    private static final String BEYOND_ASCII = "–—…±×÷≤≥≈≠²·°→µσχΦ§‰“”‘’∞";
    private static final List<String> NOTICE = List.of(
            "# Outlines of DejaVu Sans and DejaVu Sans Bold 2.37, in 1/2048 of the size.",
            "# Copyright (c) 2003 by Bitstream, Inc. All Rights Reserved. Bitstream Vera is a trademark of"
                    + " Bitstream, Inc.",
            "# DejaVu changes are in public domain. The licence is in META-INF/DEJAVU-LICENSE.",
            "# A line is a weight, a character's code, its advance, and its path: M, L, Q, C with points, and Z.");

    private GlyphExtraction() {}

    /** Arguments: the regular font's file, the bold one's, and the file to write. */
    public static void main(String[] arguments) throws Exception {
        List<String> lines = new ArrayList<>(NOTICE);
        extract("regular", new File(arguments[0]), lines);
        extract("bold", new File(arguments[1]), lines);
        Files.write(Path.of(arguments[2]), lines);
    }

    private static void extract(String weight, File file, List<String> lines) throws Exception {
        Font font = Font.createFont(Font.TRUETYPE_FONT, file).deriveFont((float) Glyphs.UNITS);
        FontRenderContext context = new FontRenderContext(null, true, true);
        StringBuilder characters = new StringBuilder();
        for (char c = ' '; c <= '~'; c++) {
            characters.append(c);
        }
        characters.append(BEYOND_ASCII);
        for (char c : characters.toString().toCharArray()) {
            GlyphVector glyph = font.createGlyphVector(context, new char[] {c});
            lines.add(String.format(
                            Locale.ROOT,
                            "%s %d %d %s",
                            weight,
                            (int) c,
                            Math.round(glyph.getGlyphMetrics(0).getAdvanceX()),
                            path(glyph.getOutline().getPathIterator(null)))
                    .stripTrailing());
        }
    }

    private static String path(PathIterator outline) {
        StringBuilder path = new StringBuilder();
        double[] points = new double[6];
        for (; !outline.isDone(); outline.next()) {
            int kind = outline.currentSegment(points);
            path.append("MLQCZ".charAt(kind));
            int numbers = kind == PathIterator.SEG_CLOSE ? 0 : kind <= PathIterator.SEG_LINETO ? 2 : 2 * kind;
            for (int i = 0; i < numbers; i++) {
                path.append(i == 0 ? "" : ",").append(Math.round(points[i]));
            }
        }
        return path.toString();
    }
}
