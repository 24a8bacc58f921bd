package io.github.lbkit.hashing.internal.rendezvous;

/**
 * The quantile function −ln(1 − x) of the exponential distribution, which turns uniform draws into exponential ones. It
 * uses only additions and multiplications, so the result is the same on every JVM, and it is several times faster than
 * {@link StrictMath#log}. The relative error is below 2^−49.
 *
 * <p>Let 1 − x = m · 2^−k with m in [½, 1), c the nearest of 129 points to m, and r = (m − c) / c. Then the logarithm
 * is −k · ln 2 + ln c + ln(1 + r), with the last term as a series. The last point is 1 itself, so no digits cancel for
 * small x. Values that depend on bits of m or k come from tables: on JDK 17 the conversion of a long to a double waits
 * for the previous result.
 */
public final class Exponential {
    private static final int STEPS = 256;
    private static final int HALF = STEPS / 2;
    private static final int MANTISSA_BITS = 52;
    private static final long MANTISSA = (1L << MANTISSA_BITS) - 1;

    /** The shift from the bits of m after the first one to the number of the nearest point. */
    private static final int STEP_SHIFT = MANTISSA_BITS - 7;

    private static final long HALF_STEP = 1L << (STEP_SHIFT - 1);

    /** The biased exponent of m. */
    private static final int EXPONENT = 1022;

    private static final double LN_2 = StrictMath.log(2);
    private static final double[] POINT = new double[HALF + 1];
    private static final double[] INVERSE = new double[HALF + 1];
    private static final double[] MINUS_LOG = new double[HALF + 1];

    /** k · ln 2 by k, up to the k of the smallest 1 − x. */
    private static final double[] LN_2_TIMES = new double[MANTISSA_BITS + 2];

    static {
        for (int i = 0; i <= HALF; i++) {
            POINT[i] = (double) (HALF + i) / STEPS;
            INVERSE[i] = (double) STEPS / (HALF + i);
            MINUS_LOG[i] = i == HALF ? 0 : -StrictMath.log(POINT[i]);
        }
        for (int k = 0; k < LN_2_TIMES.length; k++) {
            LN_2_TIMES[k] = k * LN_2;
        }
    }

    private Exponential() {}

    /**
     * Returns −ln(1 − x) for 0 &lt; x &lt; 1 where 1 − x is exact. Strictly increasing between values of x that differ
     * by a factor of at least 1 + 2^−46.
     */
    public static double quantile(double x) {
        long bits = Double.doubleToRawLongBits(1 - x);
        long mantissa = bits & MANTISSA;
        double m = Double.longBitsToDouble(mantissa | (long) EXPONENT << MANTISSA_BITS);
        int step = (int) ((mantissa + HALF_STEP) >>> STEP_SHIFT);
        int k = EXPONENT - (int) (bits >>> MANTISSA_BITS);
        double r = (m - POINT[step]) * INVERSE[step];
        double series = r * (1 - r * (1.0 / 2 - r * (1.0 / 3 - r * (1.0 / 4 - r * (1.0 / 5 - r * (1.0 / 6))))));
        return MINUS_LOG[step] + LN_2_TIMES[k] - series;
    }
}
