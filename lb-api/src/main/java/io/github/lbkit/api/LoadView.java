package io.github.lbkit.api;

/**
 * What the balancer measured of the servers of a table, by the table's index. Read-only for a picker; values are those
 * of some recent moment. A server without an instance has 0 everywhere.
 */
public interface LoadView {
    /** A view of idle servers, for walks that must not depend on load. */
    LoadView IDLE = new LoadView() {
        @Override
        public int inFlight(int index) {
            return 0;
        }

        @Override
        public long latencyNanos(int index) {
            return 0;
        }
    };

    /** Attempts in flight to the server's current generation. */
    int inFlight(int index);

    /** The moving average of the time to the first byte of a response, in nanoseconds; 0 while nothing was measured. */
    long latencyNanos(int index);
}
