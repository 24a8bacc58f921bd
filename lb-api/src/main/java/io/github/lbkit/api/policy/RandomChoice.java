package io.github.lbkit.api.policy;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadView;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.Policy;
import java.util.List;

/**
 * A random server, in proportion to weight; each further candidate of a call is drawn among those it has not tried.
 * Immutable, thread-safe. O(1) a pick on average, O(n) when most servers were tried; nothing is allocated or shared.
 *
 * <p><b>Good for</b> many small requests, and for many balancers that know nothing of each other. <b>Bad for</b> few
 * requests: after k of them a server's count is off by about the square root of k / n, where {@link RoundRobin} is off
 * by about one.
 */
public final class RandomChoice implements Policy {
    /** Random choice. */
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
