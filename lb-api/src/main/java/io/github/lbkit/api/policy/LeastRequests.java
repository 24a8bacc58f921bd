package io.github.lbkit.api.policy;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadView;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.Policy;
import java.util.List;

/**
 * The least-requests policy by the power of two choices: draws two different servers in proportion to weight, and takes
 * the server with fewer attempts in flight per weight. On a tie the first drawn server wins, unless the other responds
 * at least twice as fast. Immutable, thread-safe.
 *
 * <p>Two choices bring the most loaded server nearly as low as a full comparison. They avoid that many balancers find
 * the same idle server at once (Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 2001). Measured
 * latency is noisy, and old for an idle server, so smaller differences are ignored. A slow server wins one in eight of
 * the ties that it would lose, which shows whether it is still slow. A server without a measured latency neither wins
 * nor loses a tie by latency: a server that fails before it responds must not look fast. Each further candidate of a
 * call is chosen in the same way among the untried servers. A pick is O(1) on average, O(n) when most servers were
 * tried or one server has nearly all weight; allocates nothing.
 *
 * <p><b>Good for</b> requests of differing cost, and servers of differing or changing speed. <b>Bad for</b> caches and
 * sessions, which want the same server for the same key. Also bad for servers that fail fast without health checks or
 * ejection: they always have few attempts in flight.
 */
public final class LeastRequests implements Policy {
    /** The factor from which a difference in latency is more than noise. */
    private static final int CLEARLY_FASTER = 2;

    /** One tie in this number goes to the slower server. */
    private static final int ONE_IN = 8;

    /** Creates the policy. */
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
