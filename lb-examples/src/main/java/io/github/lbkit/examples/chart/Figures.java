package io.github.lbkit.examples.chart;

import java.util.Locale;

/** Formats of numbers for people, with significant digits and separated thousands. Stateless. */
public final class Figures {
    private Figures() {}

    /** Formats a count or a measure, such as 12,345 or 12.3 or 0.012. */
    public static String plain(double value) {
        double size = Math.abs(value);
        if (size == Math.rint(size) || size >= 1000) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        int digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 4;
        String text = String.format(Locale.ROOT, "%,." + digits + "f", value);
        return text.indexOf('.') < 0 ? text : text.replaceAll("0+$", "").replaceAll("\\.$", "");
    }

    /** Formats the number of a tick, with the digits that the step needs. */
    static String tick(double value, double step) {
        int digits = (int) Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
        return String.format(Locale.ROOT, "%,." + digits + "f", value + 0.0);
    }

    /** Formats a share from 0 to 1, such as 84.37 %. */
    public static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }
}
