package io.github.lbkit.examples.chart;

import java.util.ArrayList;
import java.util.List;

/**
 * The scale of one axis, which maps values to positions and has ticks at round values. Immutable.
 *
 * @param low the value at the begin of the axis
 * @param high the value at the end of the axis, above low
 * @param step the distance of ticks, 1, 2 or 5 times a power of ten
 * @param begin the position of low
 * @param end the position of high; less than begin for an axis that grows upwards
 */
record Scale(double low, double high, double step, double begin, double end) {
    /** Returns a scale from 0 to the first tick at or above the largest value; 0 to 1 if there are no values. */
    static Scale fromZero(double largest, int ticks, double begin, double end) {
        double top = largest > 0 ? largest : 1;
        double step = step(top / ticks);
        return new Scale(0, Math.ceil(top / step - 1e-9) * step, step, begin, end);
    }

    /** Returns a scale like {@link #fromZero}, whose ticks are whole numbers. */
    static Scale counting(double largest, int ticks, double begin, double end) {
        double top = largest > 0 ? largest : 1;
        double step = Math.max(1, step(top / ticks));
        return new Scale(0, Math.ceil(top / step - 1e-9) * step, step, begin, end);
    }

    /** Returns a scale from exactly low to exactly high. */
    static Scale between(double low, double high, int ticks, double begin, double end) {
        double top = high > low ? high : low + 1;
        return new Scale(low, top, step((top - low) / ticks), begin, end);
    }

    /** Returns the smallest number that is at least this large and 1, 2 or 5 times a power of ten. */
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

    /** Returns the rising values of the ticks. */
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
