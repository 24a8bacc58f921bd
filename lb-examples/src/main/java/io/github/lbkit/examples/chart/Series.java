package io.github.lbkit.examples.chart;

import java.util.List;

/**
 * The values of one kind in a chart: the bars of one colour, or a line. Immutable.
 *
 * @param name what it is, for the legend
 * @param colour of its bars or its line
 * @param expected whether bars are hollow and a line is dashed: for what was expected, not seen
 * @param values one for each place below, 0 or more
 */
public record Series(String name, Colour colour, boolean expected, List<Double> values) {
    /** Copies. */
    public Series {
        values = List.copyOf(values);
    }

    /** A copy of them all, if each has this many values. */
    static List<Series> each(List<Series> all, int values, String places) {
        for (Series one : all) {
            if (one.values().size() != values) {
                throw new IllegalArgumentException("series '" + one.name() + "' has "
                        + one.values().size() + " values for " + values + " " + places);
            }
        }
        return List.copyOf(all);
    }

    /** The greatest value of all; 0 if there is none. */
    static double greatest(List<Series> all) {
        return all.stream()
                .flatMap(s -> s.values().stream())
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(0);
    }
}
