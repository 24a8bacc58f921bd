package io.github.lbkit.api.policy;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadView;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.Policy;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * Weighted round robin: servers take turns, in proportion to weight and well mixed. Immutable, thread-safe.
 *
 * <p>A turn stands at a position of a line on which each server has a part as long as its weight; the next turn stands s
 * further on, around the line's end. With W, the line's length, s has no common divisor and lies near W divided by the
 * golden ratio. So any W consecutive turns give every server exactly its weight, and shorter runs come within a few picks
 * of it, since steps of the golden section fill a circle more evenly than any other (Kronecker's sequence). Equal weights
 * go in the order of ids. O(log n) a pick whatever the weights, O(n) when most servers were already tried; nothing is
 * allocated. (Static stride scheduling, the usual lock-free way, passes by up to n − 1 light servers for a pick.)
 *
 * <p>One counter of turns for all threads would be what they all wait for. So there are as many as processors, up to 64,
 * and a thread always takes turns from the same. What is promised of consecutive turns holds for those of one counter, so
 * for those of one thread; over all, a server is off its share by at most that bound times the number of counters in use.
 *
 * <p>A call's next candidate is the next turn, not the neighbour: the server after one that is down gets no more than
 * its share. Each picker begins at a random turn, so that several balancers do not begin with the same server.
 *
 * <p><b>Good for</b> requests of similar cost on servers of known capacity. <b>Bad for</b> requests whose cost varies
 * widely, or a server that became slow: it gets its share all the same; see {@link LeastRequests}.
 */
public final class RoundRobin implements Policy {
    private static final double GOLDEN_RATIO = (1 + Math.sqrt(5)) / 2;

    /** More than the longest run of numbers that all have a divisor in common with one below 2^40. */
    private static final int SEARCHED = 64;

    private static final VarHandle POSITION = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int MAX_STRIPES = 64;

    /** So many longs are on two cache lines, which processors fetch together. */
    private static final int APART = 16;

    private final LongSupplier firstTurn;

    /** Round robin; each picker begins at a random turn. */
    public RoundRobin() {
        this(() -> ThreadLocalRandom.current().nextLong() >>> 2);
    }

    /**
     * Round robin whose pickers begin at the turns that this source gives, one number for each picker.
     *
     * @param firstTurn any number, taken as unsigned
     */
    public RoundRobin(LongSupplier firstTurn) {
        this.firstTurn = firstTurn;
    }

    @Override
    public String name() {
        return "round-robin";
    }

    @Override
    public boolean readsLoad() {
        return false;
    }

    @Override
    public Picker picker(List<Member> members) {
        return new Turns(new WeightLine(members), firstTurn.getAsLong());
    }

    private static final class Turns implements Picker {
        private final WeightLine line;
        private final long length;
        private final long step;

        /** Whose thread takes from the first counter; threads after it take from those after it. */
        private final long firstThread;

        /** Where each counter's next turn stands, each on cache lines of its own; those who pick write atomically. */
        private final long[] positions;

        private Turns(Turns other) {
            line = other.line;
            length = other.length;
            step = other.step;
            firstThread = other.firstThread;
            positions = other.positions.clone();
        }

        Turns(WeightLine line, long firstTurn) {
            this.firstThread = Thread.currentThread().getId();
            this.line = line;
            this.length = line.length();
            this.step = length == line.candidates() ? 1 : step(length);
            this.positions = new long[(loadCounters() + 1) * APART];
            if (length > 0) {
                long apart = Math.max(1, Math.round(length / GOLDEN_RATIO));
                long at = position(Long.remainderUnsigned(firstTurn, length));
                for (int i = APART; i < positions.length; i += APART) {
                    positions[i] = at;
                    at = (at + apart) % length;
                }
            }
        }

        private static int loadCounters() {
            int processors = Math.min(MAX_STRIPES, Runtime.getRuntime().availableProcessors());
            return Integer.highestOneBit(2 * processors - 1);
        }

        @Override
        public int next(Key key, Cursor cursor, LoadView load) {
            if (cursor.taken() >= line.candidates()) {
                return -1;
            }
            int counter = counter();
            for (int tries = 0; tries < WeightLine.TRIES; tries++) {
                int index = line.at(takeTurn(counter));
                if (cursor.visit(index)) {
                    return index;
                }
            }
            int index = line.drawAmongRest(cursor, -1);
            cursor.visit(index);
            return index;
        }

        @Override
        public Picker preview() {
            return new Turns(this);
        }

        private int counter() {
            int stripe = (int) (Thread.currentThread().getId() - firstThread) & (positions.length / APART - 2);
            return (stripe + 1) * APART;
        }

        private long takeTurn(int counter) {
            for (; ; ) {
                long at = (long) POSITION.getOpaque(positions, counter);
                long next = at + step >= length ? at + step - length : at + step;
                if (POSITION.weakCompareAndSetPlain(positions, counter, at, next)) {
                    return at;
                }
            }
        }

        /** Where a turn below the length stands. */
        private long position(long turn) {
            if (length <= Integer.MAX_VALUE) {
                return turn * step % length;
            }
            // turn and step are below 2^40: in two parts of 20 bits no product reaches 2^62
            long high = (turn >>> 20) * step % length;
            return ((high << 20) + (turn & 0xFFFFF) * step) % length;
        }

        /** Near the golden section, without a common divisor, and as hard to approximate by a fraction as can be. */
        private static long step(long length) {
            long golden = Math.round(length / GOLDEN_RATIO);
            long best = 1;
            long bestQuotient = length;
            for (long at = Math.max(1, golden - SEARCHED); at <= golden + SEARCHED && at < length; at++) {
                long quotient = largestQuotient(length, at);
                if (quotient < bestQuotient) {
                    best = at;
                    bestQuotient = quotient;
                }
            }
            return best;
        }

        /** The largest partial quotient of a / b as a continued fraction; the greatest long if the two have a divisor. */
        private static long largestQuotient(long a, long b) {
            long largest = 0;
            while (b != 0) {
                largest = Math.max(largest, a / b);
                long rest = a % b;
                a = b;
                b = rest;
            }
            return a == 1 ? largest : Long.MAX_VALUE;
        }
    }
}
