package io.github.lbkit.hashing.internal;

/**
 * −ln(1 − x), which makes exponential draws of uniform ones. By additions and multiplications alone, so it is the same
 * number on every JVM, and several times faster than {@link StrictMath#log}. Its relative error is below 2^−49.
 *
 * <p>1 − x = m · 2^e with m in [½, 1); with c the nearest of 129 points to m and r = (m − c) / c, the logarithm is e · ln 2
 * + ln c + ln(1 + r), the last as a series. The point next to 1 is 1 itself, so nothing cancels for small x.
 */
final class Exponential {
    private static final int STEPS = 256;
    private static final int HALF = STEPS / 2;
    private static final long MANTISSA = 0xFFFFFFFFFFFFFL;
    private static final int BIAS = 1022;
    private static final double LN_2 = StrictMath.log(2);
    private static final double[] INVERSE = new double[HALF + 1];
    private static final double[] MINUS_LOG = new double[HALF + 1];

    static {
        for (int i = 0; i < HALF; i++) {
            INVERSE[i] = (double) STEPS / (HALF + i);
            MINUS_LOG[i] = -StrictMath.log((double) (HALF + i) / STEPS);
        }
        INVERSE[HALF] = 1;
    }

    private Exponential() {}

    /** −ln(1 − x) for 0 &lt; x &lt; 1 where 1 − x is exact; rises with x wherever x differs by 2^−46 of itself. */
    static double of(double x) {
        long bits = Double.doubleToRawLongBits(1 - x);
        int exponent = (int) (bits >>> 52) - BIAS;
        double m = Double.longBitsToDouble((bits & MANTISSA) | (long) BIAS << 52);
        int step = (int) (m * STEPS + 0.5);
        double r = (m - step * (1.0 / STEPS)) * INVERSE[step - HALF];
        double series = r * (1 - r * (1.0 / 2 - r * (1.0 / 3 - r * (1.0 / 4 - r * (1.0 / 5 - r * (1.0 / 6))))));
        return MINUS_LOG[step - HALF] - exponent * LN_2 - series;
    }
}
