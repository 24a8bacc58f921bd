package io.github.lbkit.api;

import io.github.lbkit.api.internal.StableNames;
import java.util.Optional;

/**
 * The choice of a policy among fixed members: immutable, except for counters of its own. Thread-safe; must neither
 * block nor allocate.
 */
public interface Picker {
    /**
     * Returns the next candidate of a search: an unvisited index, or −1 when all were visited. A member of weight 0 is
     * never a candidate, unless the picker routes by hash: then it comes last.
     *
     * @param key the key that routes the call
     * @param cursor the search; the picker marks each candidate by {@link Cursor#visit}
     * @param load the measured load of the members, by index
     */
    int next(Key key, Cursor cursor, LoadView load);

    /**
     * Returns a picker with the candidates that this picker would return now, without changing this picker. A picker
     * that counts its picks must override this method; by default it returns the picker itself.
     */
    default Picker preview() {
        return this;
    }

    /** Returns the router of a picker that routes by key, for shares and plans; empty for other pickers. */
    default Optional<HashRouter> router() {
        return Optional.empty();
    }

    /** Returns the position of a key, such as a slot, for people; empty without a position. */
    default String position(Key key, Cursor cursor) {
        return "";
    }

    /**
     * Returns the name, settings and key hash that decide this picker's results besides the members, for fingerprints;
     * equal on every JVM. The default is the name of the class, or of the class around a lambda.
     */
    default String settings() {
        return StableNames.of(getClass());
    }
}
