package io.github.lbkit.examples.chart;

import java.util.ArrayList;
import java.util.List;

/**
 * Maps values to places along one axis, and chooses ticks at round values. Immutable.
 *
 * @param low the value at the axis' beginning
 * @param high the value at its end, above low
 * @param step the distance of ticks, 1, 2 or 5 times a power of ten
 * @param begin the place of low
 * @param end the place of high; less than begin for an axis that grows upwards
 */
record Scale(double low, double high, double step, double begin, double end) {
    /** From 0 to the first tick at or above the greatest value, with about so many ticks; 0 to 1 if there is none. */
    static Scale fromZero(double greatest, int ticks, double begin, double end) {
        double top = greatest > 0 ? greatest : 1;
        double step = step(top / ticks);
        return new Scale(0, Math.ceil(top / step - 1e-9) * step, step, begin, end);
    }

    /** As {@link #fromZero}, for what is counted: ticks are whole numbers. */
    static Scale counting(double greatest, int ticks, double begin, double end) {
        double top = greatest > 0 ? greatest : 1;
        double step = Math.max(1, step(top / ticks));
        return new Scale(0, Math.ceil(top / step - 1e-9) * step, step, begin, end);
    }

    /** From exactly low to exactly high. */
    static Scale between(double low, double high, int ticks, double begin, double end) {
        double top = high > low ? high : low + 1;
        return new Scale(low, top, step((top - low) / ticks), begin, end);
    }

    /** The smallest of 1, 2, 5 times a power of ten that is no less. */
    static double step(double least) {
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        for (double factor : new double[] {1, 2, 5}) {
            if (factor * power >= least * (1 - 1e-9)) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    double at(double value) {
        return begin + (value - low) / (high - low) * (end - begin);
    }

    /** The values of the ticks, rising. */
    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        long first = (long) Math.ceil(low / step - 1e-9);
        long last = (long) Math.floor(high / step + 1e-9);
        for (long i = first; i <= last; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }
}
