package io.github.lbkit.testkit.sim;

import java.util.SplittableRandom;

/**
 * A random source with the same numbers on every JVM for the same seed. Each part of a simulation has a source of its
 * own, so that the draws of one part do not affect another. Not thread-safe.
 */
public final class RandomSource {
    private static final double UNIT = 0x1p-53;

    private final long seed;

    /** Used by {@code nextLong} alone, whose algorithm is specified; those of other methods may change. */
    private final SplittableRandom random;

    /** Creates the source of a seed. */
    public RandomSource(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    /** Returns the source of a named part; it does not depend on earlier draws. */
    public RandomSource split(String name) {
        long mixed = seed;
        for (int i = 0; i < name.length(); i++) {
            mixed = new SplittableRandom(mixed ^ name.charAt(i)).nextLong();
        }
        return new RandomSource(mixed);
    }

    /** Returns 64 random bits. */
    public long bits() {
        return random.nextLong();
    }

    /** Returns a number from 0 (inclusive) to 1 (exclusive), uniformly distributed. */
    public double unit() {
        return (bits() >>> 11) * UNIT;
    }

    /** Returns an integer from 0 (inclusive) to the bound (exclusive), uniformly distributed. */
    public int below(int bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("bound " + bound + " is not 1 or more");
        }
        return (int) Math.multiplyHigh(bits() >>> 1, (long) bound << 1);
    }

    /** Returns an exponentially distributed number with mean 1. */
    public double exponential() {
        return -StrictMath.log(1 - unit());
    }

    /** Returns a normally distributed number with mean 0 and deviation 1 (Box and Muller). */
    public double normal() {
        double radius = Math.sqrt(2 * exponential());
        return radius * StrictMath.cos(2 * StrictMath.PI * unit());
    }
}
