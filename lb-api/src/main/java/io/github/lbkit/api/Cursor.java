package io.github.lbkit.api;

import java.util.Arrays;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where one call stands in its walk over candidates: which indexes it was given, and two words that belong to the
 * picker. One reusable object inside the call, so that a picker keeps no state of a call's own. Confined to the
 * call's thread.
 */
public class Cursor {
    private static final int INLINE = 4;

    private final LongSupplier random;
    /** The first that were given; nearly every walk ends with them. */
    private int first0;

    private int first1;
    private int first2;
    private int first3;

    /** A bit for each that was given, once there are more than the first few; null before. */
    private long @Nullable [] bits;

    private int taken;
    private long keyHash;
    private boolean hashed;
    private long scratch0;
    private long scratch1;

    /** A cursor at the start of a walk; random numbers come from here, 64 bits each. */
    public Cursor(LongSupplier random) {
        this.random = random;
    }

    /** Back to the start, as if no candidate had been given; the key's hash is kept. */
    public final void restart() {
        if (bits != null) {
            Arrays.fill(bits, 0);
        }
        taken = 0;
        scratch0 = 0;
        scratch1 = 0;
    }

    /** Back to the start for another key. */
    public final void restartForNewKey() {
        restart();
        hashed = false;
    }

    /** How many candidates this walk was given. */
    public final int taken() {
        return taken;
    }

    /** Whether this walk was given the candidate. */
    public final boolean visited(int index) {
        if (taken > INLINE) {
            int word = index >>> 6;
            return bits != null && word < bits.length && (bits[word] & (1L << index)) != 0;
        }
        return (taken > 0 && first0 == index)
                || (taken > 1 && first1 == index)
                || (taken > 2 && first2 == index)
                || (taken > 3 && first3 == index);
    }

    /** Gives the candidate to this walk; false if it already was. */
    public final boolean visit(int index) {
        if (visited(index)) {
            return false;
        }
        switch (taken) {
            case 0 -> first0 = index;
            case 1 -> first1 = index;
            case 2 -> first2 = index;
            case 3 -> first3 = index;
            case INLINE -> {
                mark(first0);
                mark(first1);
                mark(first2);
                mark(first3);
                mark(index);
            }
            default -> mark(index);
        }
        taken++;
        return true;
    }

    private void mark(int index) {
        int word = index >>> 6;
        long[] marked = bits == null ? new long[word + 1] : bits;
        if (word >= marked.length) {
            marked = Arrays.copyOf(marked, Math.max(word + 1, marked.length * 2));
        }
        marked[word] |= 1L << index;
        bits = marked;
    }

    /** The key's hash: computed at the first call, kept for the walk. No key is one random draw, as the function takes it. */
    public final long keyHash(Key key, KeyHash function) {
        if (!hashed) {
            keyHash = key.isNone()
                    ? function.drawn(random.getAsLong())
                    : key.isText() ? function.hash(key.text()) : function.hash(key.number());
            hashed = true;
        }
        return keyHash;
    }

    /** The key's hash, if the picker asked for it; else 0. */
    protected final long keyHash() {
        return hashed ? keyHash : 0;
    }

    /** A random number of all 64 bits. */
    public final long random() {
        return random.getAsLong();
    }

    /** A random number from 0 (inclusive) to the bound (exclusive), unbiased to within bound / 2^64. */
    public final int random(int bound) {
        return (int) Math.multiplyHigh(random.getAsLong() >>> 1, (long) bound << 1);
    }

    /** A word of the picker's own: 0 or 1; 0 at the start of a walk. */
    public final long scratch(int index) {
        return switch (index) {
            case 0 -> scratch0;
            case 1 -> scratch1;
            default -> throw new IndexOutOfBoundsException("scratch index " + index + " is not 0 or 1");
        };
    }

    /** Sets a word of the picker's own. */
    public final void setScratch(int index, long value) {
        switch (index) {
            case 0 -> scratch0 = value;
            case 1 -> scratch1 = value;
            default -> throw new IndexOutOfBoundsException("scratch index " + index + " is not 0 or 1");
        }
    }
}
