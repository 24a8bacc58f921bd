package io.github.lbkit.examples.chart;

import java.util.Locale;

/** Numbers as people read them: as many digits as say something, thousands apart. */
public final class Figures {
    private Figures() {}

    /** A count or a measure: 12,345 or 12.3 or 0.012. */
    public static String plain(double value) {
        double size = Math.abs(value);
        if (size == Math.rint(size) || size >= 1000) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        int digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 4;
        String text = String.format(Locale.ROOT, "%,." + digits + "f", value);
        return text.indexOf('.') < 0 ? text : text.replaceAll("0+$", "").replaceAll("\\.$", "");
    }

    /** The number of a tick, with the digits that its step needs. */
    static String tick(double value, double step) {
        int digits = (int) Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
        return String.format(Locale.ROOT, "%,." + digits + "f", value + 0.0);
    }

    /** A share of 0 to 1: 84.37 %. */
    public static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }
}
