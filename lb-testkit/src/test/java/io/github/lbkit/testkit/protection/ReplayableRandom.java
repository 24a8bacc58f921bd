package io.github.lbkit.testkit.protection;

import java.util.function.LongSupplier;

/** Random numbers that can be drawn again: each is a mix of its place in the sequence. Confined to one thread at a time. */
final class ReplayableRandom implements LongSupplier {
    private long place;

    long mark() {
        return place;
    }

    void backTo(long mark) {
        place = mark;
    }

    @Override
    public long getAsLong() {
        long z = ++place * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
