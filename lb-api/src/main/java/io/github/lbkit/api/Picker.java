package io.github.lbkit.api;

import io.github.lbkit.api.internal.StableNames;
import java.util.Optional;

/**
 * Policy × members: immutable but for counters of its own. Thread-safe; must neither block nor allocate.
 */
public interface Picker {
    /**
     * The next candidate of the walk: an index that this walk was not given before, or −1 when all were given. A
     * member of weight 0 is never a candidate, unless the picker routes by hash, where it comes last.
     *
     * @param key what to route by
     * @param cursor the walk; the picker marks what it gives by {@link Cursor#visit}
     * @param load what was measured of the members, by index
     */
    int next(Key key, Cursor cursor, LoadView load);

    /**
     * Returns a picker that gives the candidates that this one would give now, and leaves this one as it is. A picker that
     * counts its picks overrides this; by default it is the picker itself.
     */
    default Picker preview() {
        return this;
    }

    /** The router behind this picker, if it routes by key: then its shares and moves can be told. */
    default Optional<HashRouter> router() {
        return Optional.empty();
    }

    /** Where this key lands, for people; empty if there is nothing to say. */
    default String position(Key key, Cursor cursor) {
        return "";
    }

    /**
     * The name, settings and key hash that decide this picker's answers besides the members, for fingerprints; on every JVM the
     * same. The default is the name of the class, and of the class around it for a lambda.
     */
    default String settings() {
        return StableNames.of(getClass());
    }
}
