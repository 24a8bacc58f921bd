package io.github.lbkit.testkit.sim;

import java.util.SplittableRandom;

/**
 * Random numbers of a simulation: the same on every JVM for the same seed. Each part of a simulation has draws of its own,
 * so that what one part draws changes nothing for another. Not thread-safe.
 */
public final class Draws {
    private static final double UNIT = 0x1p-53;

    private final long seed;

    /** Only {@code nextLong} is used: its algorithm is fixed, those of the derived draws are not. */
    private final SplittableRandom random;

    /** The draws of this seed. */
    public Draws(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    /** The draws of the part of this name, whatever was drawn here before. */
    public Draws part(String name) {
        long mixed = seed;
        for (int i = 0; i < name.length(); i++) {
            mixed = new SplittableRandom(mixed ^ name.charAt(i)).nextLong();
        }
        return new Draws(mixed);
    }

    /** All 64 bits. */
    public long bits() {
        return random.nextLong();
    }

    /** From 0 (inclusive) to 1 (exclusive). */
    public double unit() {
        return (bits() >>> 11) * UNIT;
    }

    /** From 0 (inclusive) to the bound (exclusive). */
    public int below(int bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("bound " + bound + " is not 1 or more");
        }
        return (int) Math.multiplyHigh(bits() >>> 1, (long) bound << 1);
    }

    /** Exponentially distributed with mean 1. */
    public double exponential() {
        return -StrictMath.log(1 - unit());
    }

    /** Normally distributed with mean 0 and deviation 1 (Box and Muller). */
    public double normal() {
        double radius = Math.sqrt(2 * exponential());
        return radius * StrictMath.cos(2 * StrictMath.PI * unit());
    }
}
