package io.github.lbkit.api.policy;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadView;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.Policy;
import java.util.List;

/**
 * A policy that chooses a random server in proportion to weight; each further candidate of a call is drawn among the
 * untried servers. Immutable, thread-safe. A pick is O(1) on average, O(n) when most servers were tried; allocates and
 * shares nothing.
 *
 * <p><b>Good for</b> many small requests, and for many independent balancers. <b>Bad for</b> few requests: after k
 * requests the count of a server deviates by about the square root of k / n, the count of {@link RoundRobin} by about
 * one.
 */
public final class RandomChoice implements Policy {
    /** Creates the policy. */
    public RandomChoice() {}

    @Override
    public String name() {
        return "random";
    }

    @Override
    public boolean readsLoad() {
        return false;
    }

    @Override
    public Picker picker(List<Member> members) {
        return new Draw(new WeightLine(members));
    }

    private record Draw(WeightLine line) implements Picker {
        @Override
        public int next(Key key, Cursor cursor, LoadView load) {
            int index = line.draw(cursor, -1);
            if (index >= 0) {
                cursor.visit(index);
            }
            return index;
        }
    }
}
