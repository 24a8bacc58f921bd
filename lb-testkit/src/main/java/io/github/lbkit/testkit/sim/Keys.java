package io.github.lbkit.testkit.sim;

import io.github.lbkit.api.Key;
import java.util.Arrays;

/** What requests are routed by, as a distribution. Must draw from what it is given alone. */
@FunctionalInterface
public interface Keys {
    /** The key of one request. */
    Key draw(Draws draws);

    /** No request has a key. */
    static Keys none() {
        return draws -> Key.none();
    }

    /** So many keys, all as frequent. */
    static Keys uniform(int count) {
        positive(count);
        return draws -> Key.of(draws.below(count));
    }

    /**
     * So many keys, of which the k-th is as frequent as 1 / k to the power of the exponent (Zipf).
     *
     * @param exponent 0 to 5; what people look at has about 1
     */
    static Keys zipf(int count, double exponent) {
        positive(count);
        if (!(exponent >= 0 && exponent <= 5)) {
            throw new IllegalArgumentException("exponent " + exponent + " is not 0 to 5");
        }
        double[] ends = new double[count];
        double end = 0;
        for (int k = 0; k < count; k++) {
            end += 1 / StrictMath.pow(k + 1, exponent);
            ends[k] = end;
        }
        double whole = end;
        return draws -> {
            int found = Arrays.binarySearch(ends, draws.unit() * whole);
            return Key.of(Math.min(count - 1, found < 0 ? -found - 1 : found + 1));
        };
    }

    /**
     * One key that has a share of all requests, beside so many others that are all as frequent.
     *
     * @param share of the hot key, 0 to 1
     */
    static Keys oneHot(double share, int others) {
        positive(others);
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("share " + share + " is not 0 to 1");
        }
        return draws -> draws.unit() < share ? Key.of(0) : Key.of(1 + draws.below(others));
    }

    private static void positive(int count) {
        if (count < 1) {
            throw new IllegalArgumentException(count + " keys are not 1 or more");
        }
    }
}
