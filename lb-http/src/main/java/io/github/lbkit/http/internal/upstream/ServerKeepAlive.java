package io.github.lbkit.http.internal.upstream;

import java.time.Duration;

/**
 * The time for which a server keeps an unused connection, as {@code Keep-Alive: timeout=N} of its last response said. A
 * connection is given up a margin before that time, and takes no request that could not be sent again for another margin
 * before. The margin is a second, or a quarter of the time if that is less. Immutable.
 *
 * @param nanos the server's time; 0 if the server did not say
 */
record ServerKeepAlive(long nanos) {
    static final ServerKeepAlive UNKNOWN = new ServerKeepAlive(0);

    private static final long LARGEST_MARGIN = Duration.ofSeconds(1).toNanos();

    /** Returns for how long an unused connection is kept, of at most this long. */
    long keptFor(long atMost) {
        return nanos == 0 ? atMost : Math.min(atMost, nanos - margin());
    }

    /**
     * Returns whether a connection takes a request.
     *
     * @param unusedFor for how long the connection was unused
     * @param repeatable whether the request can be sent again if the server ends the connection meanwhile
     */
    boolean allows(long unusedFor, boolean repeatable) {
        return repeatable || nanos == 0 || unusedFor < nanos - 2 * margin();
    }

    private long margin() {
        return Math.min(LARGEST_MARGIN, nanos / 4);
    }
}
