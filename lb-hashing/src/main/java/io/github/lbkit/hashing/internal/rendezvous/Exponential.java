package io.github.lbkit.hashing.internal.rendezvous;

/**
 * −ln(1 − x), which makes exponential draws of uniform ones. By additions and multiplications alone, so it is the same
 * number on every JVM, and several times faster than {@link StrictMath#log}. Its relative error is below 2^−49.
 *
 * <p>1 − x = m · 2^−k with m in [½, 1); with c the nearest of 129 points to m and r = (m − c) / c, the logarithm is −k · ln 2
 * + ln c + ln(1 + r), the last as a series. The point next to 1 is 1 itself, so nothing cancels for small x. What is chosen
 * by bits of m or k is read from tables: on JDK 17, to turn a long into a double waits for what was last computed.
 */
public final class Exponential {
    private static final int STEPS = 256;
    private static final int HALF = STEPS / 2;
    private static final int MANTISSA_BITS = 52;
    private static final long MANTISSA = (1L << MANTISSA_BITS) - 1;

    /** From the bits behind the first of m to the number of the nearest point. */
    private static final int STEP_SHIFT = MANTISSA_BITS - 7;

    private static final long HALF_STEP = 1L << (STEP_SHIFT - 1);

    /** The exponent of m, as doubles have it. */
    private static final int EXPONENT = 1022;

    private static final double LN_2 = StrictMath.log(2);
    private static final double[] POINT = new double[HALF + 1];
    private static final double[] INVERSE = new double[HALF + 1];
    private static final double[] MINUS_LOG = new double[HALF + 1];

    /** By k, to that of the least 1 − x. */
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

    /** −ln(1 − x) for 0 &lt; x &lt; 1 where 1 − x is exact; rises with x wherever x differs by 2^−46 of itself. */
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
