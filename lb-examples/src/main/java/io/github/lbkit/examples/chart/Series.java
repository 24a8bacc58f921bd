package io.github.lbkit.examples.chart;

import java.util.List;

/**
 * A series of a chart: the bars of one colour, or one line. Immutable.
 *
 * @param name the name in the legend
 * @param colour the colour of the bars or the line
 * @param expected whether the values are expected and not measured; bars are hollow then, and a line is dashed
 * @param values the values in the order of the horizontal axis, 0 or more
 */
public record Series(String name, Colour colour, boolean expected, List<Double> values) {
    /** Copies the list. */
    public Series {
        values = List.copyOf(values);
    }

    /** Returns a copy of the series; refuses a series with another number of values. */
    static List<Series> each(List<Series> all, int values, String places) {
        for (Series one : all) {
            if (one.values().size() != values) {
                throw new IllegalArgumentException("series '" + one.name() + "' has "
                        + one.values().size() + " values for " + values + " " + places);
            }
        }
        return List.copyOf(all);
    }

    /** Returns the largest value; 0 if there are no values. */
    static double greatest(List<Series> all) {
        return all.stream()
                .flatMap(s -> s.values().stream())
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(0);
    }
}
