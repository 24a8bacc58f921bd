package io.github.lbkit.http.internal.upstream;

import java.time.Duration;

/**
 * The time for which a server keeps an unused connection, by the {@code Keep-Alive: timeout=N} of its last response.
 * Immutable.
 *
 * <p>A connection is closed one margin before that time. From two margins before that time on, it takes no request that
 * could not be sent again. The margin is one second, or a quarter of the time if that is less.
 *
 * @param nanos the time of the server in nanoseconds; 0 if it is not known
 */
record ServerKeepAlive(long nanos) {
    static final ServerKeepAlive UNKNOWN = new ServerKeepAlive(0);

    private static final long MAX_MARGIN = Duration.ofSeconds(1).toNanos();

    /** Returns the time for which an unused connection is kept, at most the given time. In nanoseconds. */
    long keepFor(long atMost) {
        return nanos == 0 ? atMost : Math.min(atMost, nanos - margin());
    }

    /**
     * Returns whether a connection takes a request.
     *
     * @param unusedFor the time since the last use of the connection, in nanoseconds
     * @param repeatable whether the request can be sent again if the server closes the connection meanwhile
     */
    boolean allows(long unusedFor, boolean repeatable) {
        return repeatable || nanos == 0 || unusedFor < nanos - 2 * margin();
    }

    private long margin() {
        return Math.min(MAX_MARGIN, nanos / 4);
    }
}
