package io.github.lbkit.api;

/**
 * The measured load of the servers of a routing table, by the table's index. Read-only for a picker; the values are
 * those of a recent moment. All values of a server without an instance are 0.
 */
public interface LoadView {
    /** A view of idle servers, for searches that must not depend on load. */
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

    /** Returns the number of attempts in flight to the server's current instance. */
    int inFlight(int index);

    /**
     * Returns the moving average of the time to the first byte of a response, in nanoseconds; 0 before the first
     * measurement.
     */
    long latencyNanos(int index);
}
