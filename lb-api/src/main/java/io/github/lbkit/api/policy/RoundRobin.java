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
 * Weighted round robin: servers take turns in proportion to weight, well mixed. Immutable, thread-safe.
 *
 * <p>Each server has a segment of a line, as long as its weight. A turn is a position on the line; the next turn is s
 * further, modulo the line's length W. The step s is coprime to W and near W divided by the golden ratio. So any W
 * consecutive turns give every server exactly its weight. Shorter runs deviate by a few picks, since steps of the
 * golden section fill a circle most evenly (Kronecker's sequence). Equal weights go in the order of ids. A pick is
 * O(log n) for any weights, O(n) when most servers were tried; allocates nothing. (Static stride scheduling, the usual
 * lock-free way, skips up to n − 1 light servers for one pick.)
 *
 * <p>One counter for all threads would be contended. So there is one counter for each processor, up to 64, and a thread
 * always uses the same counter. The promises for consecutive turns hold for one counter, so for one thread. Over all
 * threads, the deviation of a server is at most that bound times the number of counters in use.
 *
 * <p>The next candidate of a call is the next turn, not the neighbour: the server after a dead server gets no more than
 * its share. Each picker begins at a random turn, so that several balancers do not begin with the same server.
 *
 * <p><b>Good for</b> requests of similar cost on servers of known capacity. <b>Bad for</b> requests of widely varying
 * cost, or a server that became slow: it still gets its share; see {@link LeastRequests}.
 */
public final class RoundRobin implements Policy {
    private static final double GOLDEN_RATIO = (1 + Math.sqrt(5)) / 2;

    /**
     * The number of candidates for the step; exceeds the longest run of numbers that share a divisor with one number
     * below 2^40.
     */
    private static final int SEARCHED = 64;

    private static final VarHandle POSITION = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int MAX_COUNTERS = 64;

    /** The number of longs on two cache lines, which processors fetch together. */
    private static final int PADDING = 16;

    private final LongSupplier firstTurn;

    /** Creates the policy; each picker begins at a random turn. */
    public RoundRobin() {
        this(() -> ThreadLocalRandom.current().nextLong() >>> 2);
    }

    /**
     * Creates the policy with a source of the first turn of each picker.
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

        /** The id of the thread that uses the first counter; threads with following ids use the following counters. */
        private final long firstThread;

        /**
         * The position of each counter's next turn, each on cache lines of its own; written atomically by threads that
         * pick.
         */
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
            this.positions = new long[(loadCounters() + 1) * PADDING];
            if (length > 0) {
                long apart = Math.max(1, Math.round(length / GOLDEN_RATIO));
                long at = position(Long.remainderUnsigned(firstTurn, length));
                for (int i = PADDING; i < positions.length; i += PADDING) {
                    positions[i] = at;
                    at = (at + apart) % length;
                }
            }
        }

        private static int loadCounters() {
            int processors = Math.min(MAX_COUNTERS, Runtime.getRuntime().availableProcessors());
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
            int counter = (int) (Thread.currentThread().getId() - firstThread) & (positions.length / PADDING - 2);
            return (counter + 1) * PADDING;
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

        /** Returns the position of a turn below the length. */
        private long position(long turn) {
            if (length <= Integer.MAX_VALUE) {
                return turn * step % length;
            }
            // turn and step are below 2^40: in two parts of 20 bits no product reaches 2^62
            long high = (turn >>> 20) * step % length;
            return ((high << 20) + (turn & 0xFFFFF) * step) % length;
        }

        /** Returns the step: near the golden section, coprime to the length, and hard to approximate by a fraction. */
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

        /**
         * Returns the largest partial quotient of a / b as a continued fraction; the greatest long if the numbers have
         * a common divisor.
         */
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
