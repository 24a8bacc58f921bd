package io.github.lbkit.testkit.sim;

import io.github.lbkit.api.Key;
import java.util.Arrays;

/** A distribution of request keys. An implementation must use the given random source alone. */
@FunctionalInterface
public interface Keys {
    /** Returns the key of one request. */
    Key draw(RandomSource random);

    /** Returns the distribution of requests without keys. */
    static Keys none() {
        return random -> Key.none();
    }

    /** Returns the uniform distribution over this number of keys. */
    static Keys uniform(int count) {
        positive(count);
        return random -> Key.of(random.below(count));
    }

    /**
     * Returns a Zipf distribution over this number of keys: the frequency of the k-th key is proportional to 1 /
     * k^exponent.
     *
     * @param exponent 0 to 5; web traffic has about 1
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
        return random -> {
            int found = Arrays.binarySearch(ends, random.unit() * whole);
            return Key.of(Math.min(count - 1, found < 0 ? -found - 1 : found + 1));
        };
    }

    /**
     * Returns a distribution with one hot key, and this number of other keys that are uniformly distributed.
     *
     * @param share the share of the hot key, 0 to 1
     */
    static Keys oneHot(double share, int others) {
        positive(others);
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("share " + share + " is not 0 to 1");
        }
        return random -> random.unit() < share ? Key.of(0) : Key.of(1 + random.below(others));
    }

    private static void positive(int count) {
        if (count < 1) {
            throw new IllegalArgumentException(count + " keys are not 1 or more");
        }
    }
}
