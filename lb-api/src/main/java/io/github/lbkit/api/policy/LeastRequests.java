package io.github.lbkit.api.policy;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadView;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.Policy;
import java.util.List;

/**
 * Least requests by the power of two choices: draws two different servers in proportion to weight and takes the one
 * with fewer attempts in flight per weight; on a tie the one drawn first, unless the other answers at least twice as fast.
 * Immutable, thread-safe.
 *
 * <p>Two choices bring the most loaded server nearly as low as a full comparison would, without the herd of balancers
 * that all find the same idle server at once (Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing",
 * 2001). What is known of latency is noisy, and of an idle server it is old: so smaller differences
 * count for nothing, and of the ties that a slow server would lose, it wins one in eight all the same, which shows whether
 * it is still slow. A server whose latency was never measured wins and loses no tie by it: one that fails before it answers must
 * not look fast. Each further candidate of a call is chosen in the same way among those it has not tried. O(1) a
 * pick on average, O(n) when most servers were tried or one weighs nearly everything; nothing is allocated.
 *
 * <p><b>Good for</b> requests of differing cost, servers of differing or changing speed. <b>Bad for</b> caches and
 * sessions, which want the same server for the same key, and for servers that fail fast without being noticed by
 * health checks or ejection: they always have few attempts in flight.
 */
public final class LeastRequests implements Policy {
    /** By this factor, a difference in latency is more than noise. */
    private static final int CLEARLY_FASTER = 2;

    /** One tie of so many goes to the slower server. */
    private static final int ONE_IN = 8;

    /** Least requests. */
    public LeastRequests() {}

    @Override
    public String name() {
        return "least-requests";
    }

    @Override
    public Picker picker(List<Member> members) {
        return new TwoChoices(new WeightLine(members));
    }

    private record TwoChoices(WeightLine line) implements Picker {
        @Override
        public int next(Key key, Cursor cursor, LoadView load) {
            int first = line.draw(cursor, -1);
            if (first < 0) {
                return -1;
            }
            int second = line.draw(cursor, first);
            int chosen = second >= 0 && beats(second, first, cursor, load) ? second : first;
            cursor.visit(chosen);
            return chosen;
        }

        private boolean beats(int second, int first, Cursor cursor, LoadView load) {
            long loadOfSecond = load.inFlight(second) * line.part(first);
            long loadOfFirst = load.inFlight(first) * line.part(second);
            if (loadOfSecond != loadOfFirst) {
                return loadOfSecond < loadOfFirst;
            }
            long latencyOfSecond = load.latencyNanos(second);
            return latencyOfSecond > 0
                    && latencyOfSecond <= load.latencyNanos(first) / CLEARLY_FASTER
                    && cursor.random(ONE_IN) > 0;
        }
    }
}
