package io.github.lbkit.examples.chart;

import io.github.lbkit.examples.chart.Mark.Point;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * A renderer of drawings as PNG. It fills shapes only, and needs no font, no display and no file. {@code
 * java.awt.headless} must be set if a display is configured but not available. Thread-safe.
 */
final class PngRenderer {
    private static final double MAX_SCALE = 8;

    private PngRenderer() {}

    static byte[] render(Drawing drawing, double scale) {
        if (!(scale > 0 && scale <= MAX_SCALE)) {
            throw new IllegalArgumentException("scale " + scale + " is not above 0, up to " + MAX_SCALE);
        }
        BufferedImage image = new BufferedImage(
                (int) Math.ceil(drawing.width() * scale),
                (int) Math.ceil(drawing.height() * scale),
                BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            graphics.scale(scale, scale);
            drawing.marks().forEach(mark -> draw(mark, graphics));
        } finally {
            graphics.dispose();
        }
        return png(image);
    }

    private static void draw(Mark mark, Graphics2D graphics) {
        if (mark instanceof Mark.Box box) {
            fill(
                    graphics,
                    new Rectangle2D.Double(box.x(), box.y(), box.width(), box.height()),
                    box.fill(),
                    box.opacity());
        } else if (mark instanceof Mark.Outline o) {
            graphics.setStroke(new BasicStroke((float) o.thickness()));
            graphics.setColor(colour(o.colour(), 1));
            graphics.draw(new Rectangle2D.Double(o.x(), o.y(), o.width(), o.height()));
        } else if (mark instanceof Mark.Line line) {
            graphics.setStroke(stroke(line));
            graphics.setColor(colour(line.colour(), 1));
            graphics.draw(path(line.points()));
        } else if (mark instanceof Mark.Area area) {
            Path2D path = path(area.points());
            path.closePath();
            fill(graphics, path, area.fill(), area.opacity());
        } else if (mark instanceof Mark.Dot dot) {
            double r = dot.radius();
            fill(graphics, new Ellipse2D.Double(dot.x() - r, dot.y() - r, 2 * r, 2 * r), dot.fill(), 1);
        } else if (mark instanceof Mark.Label label) {
            Glyphs glyphs = Glyphs.of(label.bold());
            double width = glyphs.width(label.text(), label.size());
            double x = label.x()
                    - switch (label.anchor()) {
                        case START -> 0;
                        case MIDDLE -> width / 2;
                        case END -> width;
                    };
            fill(graphics, glyphs.outline(label.text(), x, label.y(), label.size()), label.colour(), 1);
        }
    }

    private static BasicStroke stroke(Mark.Line line) {
        float thickness = (float) line.thickness();
        return line.dashed()
                ? new BasicStroke(thickness, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {7, 5}, 0)
                : new BasicStroke(thickness, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND);
    }

    private static void fill(Graphics2D graphics, Shape shape, Colour colour, double opacity) {
        graphics.setColor(colour(colour, opacity));
        graphics.fill(shape);
    }

    private static Color colour(Colour colour, double opacity) {
        return new Color(colour.rgb() | (int) Math.round(255 * opacity) << 24, true);
    }

    private static Path2D path(List<Point> points) {
        Path2D.Double path = new Path2D.Double();
        for (int i = 0; i < points.size(); i++) {
            if (i == 0) {
                path.moveTo(points.get(i).x(), points.get(i).y());
            } else {
                path.lineTo(points.get(i).x(), points.get(i).y());
            }
        }
        return path;
    }

    private static byte[] png(BufferedImage image) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(image);
            out.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
    }
}
