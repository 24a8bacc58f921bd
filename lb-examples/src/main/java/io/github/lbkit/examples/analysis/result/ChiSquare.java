package io.github.lbkit.examples.analysis.result;

import java.util.List;

/**
 * Pearson's chi-square test of counts against expected shares. The p-value is approximate if an expected count is below
 * about 5. Stateless.
 */
public final class ChiSquare {
    private static final double PRECISION = 1e-14;
    private static final int MAX_TERMS = 100_000;

    private ChiSquare() {}

    /**
     * The result of a test.
     *
     * @param statistic the sum of (count − expected)² / expected
     * @param degrees the degrees of freedom: the number of servers with a share above 0, minus 1
     * @param p the probability that counts drawn by exactly these shares deviate at least as much, 0 to 1
     */
    public record Fit(double statistic, int degrees, double p) {}

    /** Tests counts against shares, which must sum to 1. */
    public static Fit fit(List<Long> counts, List<Double> shares) {
        if (counts.size() != shares.size()) {
            throw new IllegalArgumentException(counts.size() + " counts for " + shares.size() + " shares");
        }
        double total = counts.stream().mapToLong(Long::longValue).sum();
        double statistic = 0;
        int outcomes = 0;
        for (int i = 0; i < counts.size(); i++) {
            double expected = shares.get(i) * total;
            double deviation = counts.get(i) - expected;
            if (expected > 0) {
                statistic += deviation * deviation / expected;
                outcomes++;
            } else if (counts.get(i) > 0) {
                statistic = Double.POSITIVE_INFINITY;
            }
        }
        int degrees = Math.max(0, outcomes - 1);
        return new Fit(statistic, degrees, p(statistic, degrees));
    }

    /** Returns the probability that a chi-square variable with these degrees of freedom is at least this large. */
    static double p(double statistic, int degrees) {
        if (statistic == Double.POSITIVE_INFINITY) {
            return 0;
        }
        return statistic <= 0 || degrees == 0 ? 1 : upperGamma(degrees / 2.0, statistic / 2);
    }

    /**
     * Returns the regularized upper incomplete gamma function Q(a, x): by series for small x, else by continued
     * fraction.
     */
    private static double upperGamma(double a, double x) {
        double front = Math.exp(a * Math.log(x) - x - logGamma(a));
        return x < a + 1 ? 1 - front * lowerSeries(a, x) : front * upperFraction(a, x);
    }

    private static double lowerSeries(double a, double x) {
        double term = 1 / a;
        double sum = term;
        for (int n = 1; n < MAX_TERMS && term > sum * PRECISION; n++) {
            term *= x / (a + n);
            sum += term;
        }
        return sum;
    }

    /** Evaluates the continued fraction by Lentz's method. */
    private static double upperFraction(double a, double x) {
        double tiny = Double.MIN_NORMAL / PRECISION;
        double b = x + 1 - a;
        double c = 1 / tiny;
        double d = 1 / b;
        double fraction = d;
        for (int i = 1; i < MAX_TERMS; i++) {
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

    /** Returns the logarithm of Γ(a) for positive multiples of ½, by recursion to Γ(1) = 1 or Γ(½) = √π. */
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
