package io.github.lbkit.examples.analysis;

import java.util.List;

/**
 * Pearson's chi-square test: whether counts fit the shares that were expected. The chance is approximate where an
 * expected count is below about 5.
 */
final class ChiSquare {
    private static final double PRECISION = 1e-14;
    private static final int MOST_TERMS = 100_000;

    private ChiSquare() {}

    /**
     * How well counts fit.
     *
     * @param statistic the sum of (count − expected)² / expected
     * @param degrees of freedom: outcomes that were expected at all, less one
     * @param chance that counts drawn by these very shares fit no better, 0 to 1
     */
    record Fit(double statistic, int degrees, double chance) {}

    /** The fit of these counts to these shares, which sum to 1. */
    static Fit fit(List<Long> counts, List<Double> shares) {
        if (counts.size() != shares.size()) {
            throw new IllegalArgumentException(counts.size() + " counts for " + shares.size() + " shares");
        }
        double total = counts.stream().mapToLong(Long::longValue).sum();
        double statistic = 0;
        int outcomes = 0;
        for (int i = 0; i < counts.size(); i++) {
            double expected = shares.get(i) * total;
            double off = counts.get(i) - expected;
            if (expected > 0) {
                statistic += off * off / expected;
                outcomes++;
            } else if (counts.get(i) > 0) {
                statistic = Double.POSITIVE_INFINITY;
            }
        }
        int degrees = Math.max(0, outcomes - 1);
        return new Fit(statistic, degrees, chance(statistic, degrees));
    }

    /** The chance that a chi-square variable of these degrees of freedom is this great or greater. */
    static double chance(double statistic, int degrees) {
        if (statistic == Double.POSITIVE_INFINITY) {
            return 0;
        }
        return statistic <= 0 || degrees == 0 ? 1 : upperGamma(degrees / 2.0, statistic / 2);
    }

    /** The regularized upper incomplete gamma function Q(a, x): by its series for small x, else its continued fraction. */
    private static double upperGamma(double a, double x) {
        double front = Math.exp(a * Math.log(x) - x - logGamma(a));
        return x < a + 1 ? 1 - front * lowerSeries(a, x) : front * upperFraction(a, x);
    }

    private static double lowerSeries(double a, double x) {
        double term = 1 / a;
        double sum = term;
        for (int n = 1; n < MOST_TERMS && term > sum * PRECISION; n++) {
            term *= x / (a + n);
            sum += term;
        }
        return sum;
    }

    /** By Lentz's method. */
    private static double upperFraction(double a, double x) {
        double tiny = Double.MIN_NORMAL / PRECISION;
        double b = x + 1 - a;
        double c = 1 / tiny;
        double d = 1 / b;
        double fraction = d;
        for (int i = 1; i < MOST_TERMS; i++) {
            double an = -i * (i - a);
            b += 2;
            d = an * d + b;
            d = 1 / (Math.abs(d) < tiny ? tiny : d);
            c = b + an / c;
            c = Math.abs(c) < tiny ? tiny : c;
            fraction *= c * d;
            if (Math.abs(c * d - 1) < PRECISION) {
                break;
            }
        }
        return fraction;
    }

    /** The logarithm of Γ(a), for a that is half of a whole number above 0: down to Γ(1) = 1 or Γ(½) = √π. */
    private static double logGamma(double a) {
        double sum = 0;
        double left = a;
        while (left > 1) {
            left -= 1;
            sum += Math.log(left);
        }
        return left == 1 ? sum : sum + 0.5 * Math.log(Math.PI);
    }
}
