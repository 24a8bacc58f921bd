package io.github.lbkit.hashing.internal.table;

import java.util.Arrays;

/**
 * Fills a table as Maglev does (Eisenbud and others, NSDI 2016), with weights as in Envoy. Members take turns; in its
 * turn a member takes the first free slot of its own sequence, which begins at an offset and proceeds by a skip. In
 * round r = 1, 2, … a member has a turn if r · weight is at least the greatest weight times the number of its previous
 * turns. A heap holds the next turn of each member, so rounds without a turn cost nothing. Used once, by one thread.
 */
public final class MaglevTable {
    private static final int INDEX_BITS = 16;
    private static final int INDEX_MASK = (1 << INDEX_BITS) - 1;

    private final int slots;
    private final int[] places;
    private final int[] skips;
    private final double[] weights;
    private final double[] targets;
    private final double greatest;

    /** A heap of rounds and member indexes, the next turn first. */
    private final long[] turns;

    private int waiting;

    /**
     * Creates a table to fill.
     *
     * @param slots the number of slots, a prime
     * @param offsets the first slot by member, 0 to slots − 1
     * @param skips the step by member, 1 to slots − 1
     * @param weights the weight by member; a member of weight 0 has no turn
     */
    public MaglevTable(int slots, int[] offsets, int[] skips, double[] weights) {
        this.slots = slots;
        this.places = offsets.clone();
        this.skips = skips;
        this.weights = weights;
        this.targets = new double[weights.length];
        this.greatest = Arrays.stream(weights).max().orElse(0);
        this.turns = new long[weights.length];
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                turns[waiting++] = 1L << INDEX_BITS | i; // in order, which is a heap
            }
        }
    }

    /** Returns the owners by slot. */
    public char[] fill() {
        char[] owners = new char[slots];
        Arrays.fill(owners, TableRouter.NO_OWNER);
        for (int free = waiting == 0 ? 0 : slots; free > 0; free--) {
            int member = (int) turns[0] & INDEX_MASK;
            owners[freePlace(member, owners)] = (char) member;
            targets[member] += greatest;
            turns[0] = nextRound(member, turns[0] >>> INDEX_BITS) << INDEX_BITS | member;
            sink();
        }
        return owners;
    }

    private int freePlace(int member, char[] owners) {
        int place = places[member];
        while (owners[place] != TableRouter.NO_OWNER) {
            place = after(place, skips[member]);
        }
        places[member] = after(place, skips[member]);
        return place;
    }

    private int after(int place, int skip) {
        int next = place + skip - slots;
        return next < 0 ? next + slots : next;
    }

    /**
     * Returns the first round after this one with round · weight ≥ target, where the product is rounded to a double.
     */
    private long nextRound(int member, long round) {
        double weight = weights[member];
        long next = Math.max(round + 1, (long) (targets[member] / weight) - 1);
        while (next * weight < targets[member]) {
            next++;
        }
        return next;
    }

    private void sink() {
        long sinking = turns[0];
        int at = 0;
        for (int child = 1; child < waiting; child = 2 * at + 1) {
            if (child + 1 < waiting && turns[child + 1] < turns[child]) {
                child++;
            }
            if (turns[child] >= sinking) {
                break;
            }
            turns[at] = turns[child];
            at = child;
        }
        turns[at] = sinking;
    }
}
