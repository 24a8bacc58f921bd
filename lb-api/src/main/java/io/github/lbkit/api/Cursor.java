package io.github.lbkit.api;

import java.util.Arrays;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The state of one call's search over candidates: the indexes that were visited, and two scratch values for the picker.
 * The cursor is part of the call's object, so that a picker keeps no state of its own for a call. Confined to the
 * call's thread.
 */
public class Cursor {
    private static final int INLINE = 4;

    private final LongSupplier random;
    /** The first visited indexes; nearly every search ends with them. */
    private int first0;

    private int first1;
    private int first2;
    private int first3;

    /** A bit for each visited index, once more than the first few were visited; null before. */
    private long @Nullable [] bits;

    private int taken;
    private long keyHash;
    private boolean hashed;
    private long scratch0;
    private long scratch1;

    /** Creates a cursor at the start of a search, with this source of random numbers of 64 bits. */
    public Cursor(LongSupplier random) {
        this.random = random;
    }

    /** Resets the cursor to the start, without any visited candidate. Keeps the key's hash. */
    public final void restart() {
        if (bits != null) {
            Arrays.fill(bits, 0);
        }
        taken = 0;
        scratch0 = 0;
        scratch1 = 0;
    }

    /** Resets the cursor to the start, for another key. */
    public final void restartForNewKey() {
        restart();
        hashed = false;
    }

    /** Returns the number of visited candidates. */
    public final int taken() {
        return taken;
    }

    /** Returns whether the candidate was visited. */
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

    /** Marks the candidate as visited; returns false if it was visited already. */
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

    /**
     * Returns the key's hash, which is computed by the first call and kept for the search. Without a key, the hash
     * comes from one random draw by {@link KeyHash#drawn}.
     */
    public final long keyHash(Key key, KeyHash function) {
        if (!hashed) {
            keyHash = key.isNone()
                    ? function.drawn(random.getAsLong())
                    : key.isText() ? function.hash(key.text()) : function.hash(key.number());
            hashed = true;
        }
        return keyHash;
    }

    /** Returns the key's hash if the picker asked for the hash; else 0. */
    protected final long keyHash() {
        return hashed ? keyHash : 0;
    }

    /** Returns a random number of 64 bits. */
    public final long random() {
        return random.getAsLong();
    }

    /** Returns a random number from 0 (inclusive) to the bound (exclusive), unbiased to within bound / 2^64. */
    public final int random(int bound) {
        return (int) Math.multiplyHigh(random.getAsLong() >>> 1, (long) bound << 1);
    }

    /** Returns the picker's scratch value with index 0 or 1; 0 at the start of a search. */
    public final long scratch(int index) {
        return switch (index) {
            case 0 -> scratch0;
            case 1 -> scratch1;
            default -> throw new IndexOutOfBoundsException("scratch index " + index + " is not 0 or 1");
        };
    }

    /** Sets the picker's scratch value with index 0 or 1. */
    public final void setScratch(int index, long value) {
        switch (index) {
            case 0 -> scratch0 = value;
            case 1 -> scratch1 = value;
            default -> throw new IndexOutOfBoundsException("scratch index " + index + " is not 0 or 1");
        }
    }
}
